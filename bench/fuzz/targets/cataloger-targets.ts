import type { Cataloger, CatalogFile } from "../../../packages/catalog/src/cataloger.ts";
import { catalogers } from "../../../packages/catalog/src/catalogers.ts";
import { casesOf } from "../../../packages/catalog/src/testing/conformance.ts";
import { defaultLimits } from "../../../packages/kit/src/index.ts";
import { zipOf, zipOfFiles } from "../../../packages/testkit/src/zip.ts";
import { mutatePages, mutateZip } from "../mutate-binary.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { mutateLines } from "../mutate-lines.ts";
import { mutateXml } from "../mutate-xml.ts";
import { soundFacts } from "../promises.ts";
import { bytesOf, ownFiles, sharedFiles } from "../seeds.ts";
import type { FuzzTarget, Mutator, Outcome } from "../target.ts";

export const limits = { ...defaultLimits, archiveBytes: 2 ** 24 };

/** Parses and holds the answer to what catalogers promise. */
export function parseSoundly(cataloger: Cataloger, file: CatalogFile): Outcome {
  const claimed = cataloger.claims?.(file.bytes.subarray(0, 8192), file.path) ?? true;
  const outcome = soundFacts(cataloger.parse(file, limits), file.bytes.length);
  return { shape: `${claimed} ${outcome.shape}`, value: outcome.value };
}

const archives = [
  "pkgdb/dpkg-apk-osrelease.tar.zst",
  "pkgdb/language-lockfiles-manifests.tar.zst",
  "pkgdb/rpm-databases.tar.zst",
];

/** Real files by the names they have in fixtures: a path whose end the cataloger would select somewhere. */
function couldBe(path: string, name: string): boolean {
  const end = path.split("/").at(-1) ?? "";
  const wanted = path.endsWith(`/${name}`) || end === name || end.endsWith(`.${name.split(".").at(-1)}`);
  return wanted && !/expected|golden|\.go$|\.py$/.test(path);
}

function mutatorsFor(path: string): readonly [Mutator, ...Mutator[]] {
  if (/\.(json|lock|deps\.json)$/.test(path)) return [mutateJson, mutateJson, mutateBytes, mutateLines];
  if (/\.(xml|pom|nuspec|csproj)$/.test(path)) return [mutateXml, mutateXml, mutateBytes];
  if (/\.(jar|war|ear|zip|whl|egg)$/.test(path)) return [mutateZip, mutateZip, mutateBytes];
  if (/rpm\/|bin\//.test(path)) return [mutatePages, mutateBytes];
  return [mutateLines, mutateLines, mutateBytes];
}

/** Those with targets of their own elsewhere. */
const special = /^(java-archive|rpm-db|go-binary)-cataloger$/;

/** One target for each cataloger and each kind of file it reads. */
const plain: readonly FuzzTarget[] = casesOf(catalogers)
  .filter(({ name }) => !special.test(name))
  .map(({ name, path, cataloger }, _, all) => {
    const folder = name.replace(/-cataloger$/, "");
    const file = path.split("/").at(-1) ?? path;
    const isAlone = all.filter((other) => other.name === name && other.path.endsWith(`/${file}`)).length < 2;
    const called = isAlone ? file : path;
    return {
      name: `${folder}-${called.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`,
      scope: [`packages/catalog/src/${folder}/`],
      mutators: mutatorsFor(path),
      share: 1 / Math.min(3, all.filter((other) => other.name === name).length),
      seeds: async () => [
        ...bytesOf(
          ownFiles(`packages/catalog/src/${folder}/testdata/**/*`).filter(
            ({ path: own }) => !own.endsWith("README.md"),
          ),
        ),
        ...bytesOf(await sharedFiles({ archives, wants: (seed) => couldBe(seed.path, file) })),
      ],
      run: (input: Buffer) => parseSoundly(cataloger, { path, bytes: input }),
    };
  });

const pom = "META-INF/maven/g/a/pom.properties";
const inner = zipOfFiles({
  [pom]: "groupId=g\nartifactId=a\nversion=1\n",
  "META-INF/MANIFEST.MF": "Bundle-Version: 1\n",
});
const javaArchive = catalogers.find(({ name }) => name === "java-archive-cataloger") as Cataloger;

function jarWith(path: string): (input: Buffer) => Outcome {
  return (input) => parseSoundly(javaArchive, { path: "a-1.0.jar", bytes: zipOfFiles({ [path]: input }) });
}

const jarScope = ["packages/catalog/src/java-archive/", "packages/catalog/src/zip-file.ts"];
const java: readonly FuzzTarget[] = [
  {
    name: "java-archive",
    scope: jarScope,
    mutators: [mutateZip, mutateZip, mutateBytes],
    maxBytes: 32_768,
    seeds: async () => [
      inner,
      zipOfFiles({ "WEB-INF/lib/a-1.jar": inner, "b.jar": inner, "x/Y.class": "" }),
      zipOf([{ path: "b.jar", body: inner }], { zip64: true, comment: "comment" }),
      zipOfFiles({
        "META-INF/maven/g/a/pom.xml": ownFiles("packages/catalog/src/java-archive/testdata/pom.xml")[0]?.bytes ?? "",
      }),
      ...bytesOf(await sharedFiles({ archives, wants: ({ path }) => /\.(jar|war)$/.test(path) })),
    ],
    run: (input) => parseSoundly(javaArchive, { path: "a.jar", bytes: input }),
  },
  {
    name: "java-pom-xml",
    scope: jarScope,
    mutators: [mutateXml, mutateXml, mutateBytes],
    seeds: async () => [
      ...bytesOf(ownFiles("packages/catalog/src/java-archive/testdata/*.xml")),
      ...bytesOf(await sharedFiles({ archives, wants: ({ path }) => /pom[^/]*\.xml$|\.pom$/.test(path) })),
    ],
    run: jarWith("META-INF/maven/g/a/pom.xml"),
  },
  {
    name: "java-manifest",
    scope: jarScope,
    mutators: [mutateLines, mutateLines, mutateBytes],
    seeds: async () => [
      Buffer.from(
        "Manifest-Version: 1.0\r\nBundle-SymbolicName: a.b;singleton:=true\r\nImplementation-Title: long\r\n er\r\nBundle-Version: 1.2.3\r\n\r\nName: x\r\n",
      ),
      ...bytesOf(await sharedFiles({ archives, wants: ({ path }) => /MANIFEST\.MF$/.test(path) })),
    ],
    run: jarWith("META-INF/MANIFEST.MF"),
  },
];

const goBinary = catalogers.find(({ name }) => name === "go-binary-cataloger") as Cataloger;
const go: FuzzTarget = {
  name: "go-binary",
  scope: ["packages/catalog/src/go-binary/"],
  mutators: [mutateBytes, mutatePages, mutateLines],
  maxBytes: 65_536,
  seeds: async () => bytesOf(ownFiles("packages/catalog/src/go-binary/testdata/*.gz")).map(middleCutOut),
  run: (input) => parseSoundly(goBinary, { path: "usr/bin/a", bytes: input }),
};

/** Binaries are zeros nearly everywhere: without most of them changes hit something. */
function middleCutOut(bytes: Buffer): Buffer {
  const block = Math.max(0, bytes.indexOf("\xff Go buildinf:", 8192, "latin1") & ~0xfff);
  return Buffer.concat([bytes.subarray(0, 4096), bytes.subarray(block, block + 8192)]);
}

export const catalogerTargets: readonly FuzzTarget[] = [...plain, ...java, go];
