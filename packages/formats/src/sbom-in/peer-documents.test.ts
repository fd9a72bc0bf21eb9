import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { advisoryName, distroLabel, type Package, type Sbom } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { readSbomText } from "./read-sbom-text.ts";

/** Documents that the peers themselves wrote of two small images of ours; see the README there. */
const folder = join(import.meta.dirname, "testdata", "peers");

/** What our own scan says of those images: everything that decides which findings a package has. */
const ours: Readonly<Record<string, { readonly distro: string; readonly packages: readonly string[] }>> = {
  debian: {
    distro: "debian 12",
    packages: [
      "deb bash 5.2.15-2+b2 amd64",
      "deb libssl3 3.0.9-1 amd64 from openssl 3.0.9-1",
      "deb passwd 1:4.13+dfsg1-1+b1 amd64 from shadow 1:4.13+dfsg1-1+b1",
      "deb perl-base 5.36.0-7+b1 amd64 from perl 5.36.0-7",
      "deb zlib1g 1:1.2.13.dfsg-1 amd64 from zlib 1:1.2.13.dfsg-1",
      "gem small 1.0",
      "golang Go 1.26.8 toolchain",
      "golang example.org/shop/app v1.2.3",
      "golang github.com/gorilla/mux v1.8.0",
      "golang golang.org/x/text v0.3.6",
      "golang gopkg.in/yaml.v2 v2.2.2",
      "maven org.acme:tool 4.5.6",
      "npm @acme/tool 1.2.3",
      "pypi zope-thing 2.0",
    ],
  },
  almalinux: {
    distro: "almalinux 8",
    packages: [
      "rpm bash 4.4.20-4.el8_6 x86_64",
      "rpm libblkid 2.32.1-42.el8_8 x86_64 from util-linux 2.32.1-42.el8_8",
      "rpm nodejs 1:18.14.2-3.module_el8.7.0+3508+2b1a8b5c x86_64 of nodejs:18:8070020230306170042:bd1311ed",
      "rpm openssl-libs 1:1.1.1k-7.el8_6 x86_64 from openssl 1:1.1.1k-7.el8_6",
    ],
  },
};

function said({ ecosystem, name, version, arch, source, qualifiers, role }: Package): string {
  const module = qualifiers?.rpmmod;
  return [
    ecosystem,
    advisoryName(ecosystem, name),
    version,
    ...(arch === undefined ? [] : [arch]),
    ...(source === undefined ? [] : ["from", source.name, source.version]),
    ...(module === undefined ? [] : ["of", module]),
    ...(role === "toolchain" ? [role] : []),
  ].join(" ");
}

/** A module replaced by a folder has no version, and only some tools list it. */
function judged({ packages }: Sbom): string[] {
  return packages
    .filter(({ version }) => version !== "")
    .map(said)
    .sort();
}

describe.each(Object.keys(ours))("an inventory of the image %s", (image) => {
  it.each(readdirSync(join(folder, image)))("as %s says what our own scan does", async (name) => {
    const sbom = await readSbomText(readFileSync(join(folder, image, name), "utf8"));
    // Syft's SPDX has no place for modules: the stream is told by the version alone.
    const expected = ours[image]?.packages.map((one) => (name === "syft.spdx.json" ? one.replace(/ of \S+/, "") : one));
    expect(judged(sbom)).toEqual(expected?.toSorted());
    expect(distroLabel(sbom.distro)).toContain(ours[image]?.distro);
  });
});
