import { alpineLayer, dockerArchiveOf, imageOf, type TarEntry, type TestImage } from "@plimsoll/testkit";

/** What only a hostile image says: markup, a character that turns writing around. */
const hostileName = "<img/src=x/onerror=alert(1)>\u202eexe";

/** An image of three layers, each with findings of its own. */
export function shopImage(): TestImage {
  const layers = [
    alpineLayer("zlib 1.2.12-r0", "busybox 1.36.1-r0", "openssl 3.1.0-r0"),
    [...python("Django", "2.2.1", "usr/lib/python3.11"), ...python("Jinja2", "2.10", "usr/lib/python3.11")],
    [
      ...npm("lodash", "4.17.20", "srv/web"),
      ...npm("axios", "0.21.0", "srv/web"),
      ...npm("left-pad", "1.3.0", "srv/web"),
    ],
  ];
  const createdBy = [
    "/bin/sh -c #(nop) ADD file:7625ddfd589fb824ee39f1b1eb387b98f3676420ff52f26eb9d975151e889667 in / ",
    "RUN |1 MIRROR=none /bin/sh -c pip install -r requirements.txt # buildkit",
    "COPY web /srv/web # buildkit",
  ];
  return imageOf(layers, { createdBy, config: { Labels: { "org.opencontainers.image.title": "shop" } } });
}

/** An image with more than 5,000 findings: `copies` of one old framework, each in a folder of its own. */
export function crowdedImage(copies: number): TestImage {
  const folders = Array.from({ length: copies }, (_, n) => python("Django", "2.2.1", `srv/app-${n}/lib/python3.11`));
  return imageOf([folders.flat()]);
}

/** An image whose names, versions, paths, labels and commands are all hostile. */
export function hostileImage(): TestImage {
  const long = "x".repeat(10_000);
  const entries = [
    ...alpineLayer(`${hostileName} 1.0`, "zlib 1.2.12-r0"),
    ...npm(`${hostileName}${long.slice(0, 200)}`, "1.0.0", "srv/web"),
    ...npm("lodash", "4.17.20", "srv/<script>alert(1)</script>"),
  ];
  const Labels = { [hostileName]: hostileName, long };
  return imageOf([entries], { createdBy: [`RUN ${hostileName}\u001b[2J ${long}`], config: { Labels } });
}

/** Made by nobody but us: little in it, and some of that with a flaw. */
export function smallImage(): TestImage {
  const layers = [alpineLayer("zlib 1.2.12-r0", "busybox 1.36.1-r0"), npm("axios", "0.21.0", "srv/api")];
  return imageOf(layers, { createdBy: ["ADD alpine.tar /", "COPY api /srv/api # buildkit"] });
}

/** As `docker save` writes it. */
export function archiveOf(image: TestImage): Buffer {
  return dockerArchiveOf([{ ...image, tags: ["shop/web:1.0"] }]);
}

function python(name: string, version: string, folder: string): TarEntry[] {
  const place = `${folder}/site-packages/${name}-${version}.dist-info`;
  return [
    { path: `${place}/METADATA`, body: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nLicense: BSD\n` },
  ];
}

function npm(name: string, version: string, folder: string): TarEntry[] {
  const place = `${folder}/node_modules/${name.replaceAll(/[^\w-]/g, "_").slice(0, 60)}`;
  return [{ path: `${place}/package.json`, body: JSON.stringify({ name, version, license: "MIT" }) }];
}
