import { readSbomText } from "../../../packages/formats/src/sbom-in/read-sbom-text.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { mutateXml } from "../mutate-xml.ts";
import { orRefused, printable, promise, sizeOf } from "../promises.ts";
import { bytesOf, ownFiles, sharedFiles } from "../seeds.ts";
import type { FuzzTarget, Mutator, Outcome } from "../target.ts";

const archives = ["pkgdb/sboms-cyclonedx-spdx.tar.zst"];

function sbomTarget(
  name: string,
  {
    own,
    marks,
    scope,
    mutators,
  }: { own: string; marks: RegExp; scope: readonly string[]; mutators: readonly [Mutator, ...Mutator[]] },
): FuzzTarget {
  return {
    name: `sbom-${name}`,
    scope: scope.map((path) => `packages/formats/src/${path}`),
    mutators,
    seeds: async () => [
      ...bytesOf(ownFiles(own)),
      ...bytesOf(await sharedFiles({ archives, wants: ({ bytes }) => marks.test(bytes.toString("latin1", 0, 1000)) })),
    ],
    run: (input) => orRefused(() => read(input)),
  };
}

async function read(input: Buffer): Promise<Outcome> {
  const sbom = await readSbomText(input.toString("utf8"));
  // Those of our own document are kept as they were; whatever prints them escapes.
  const isOurs = input.includes('"catalogers"');
  for (const { message } of isOurs ? [] : sbom.problems) printable(message);
  promise(sbom.problems.length <= 2000, `${sbom.problems.length} Problems`);
  const codes = [...new Set(sbom.problems.map(({ code }) => code))].sort();
  return { shape: `${sizeOf(sbom.packages.length)} ${sbom.distro !== null} ${codes.join(" ")}`, value: sbom };
}

const foreign = [
  "sbom-in/foreign.ts",
  "sbom-in/loose.ts",
  "sbom-in/package-of.ts",
  "sbom-in/to-sbom.ts",
  "sbom-in/distro-of.ts",
];

/** SBOM documents of every kind that is read. */
export const sbomTargets: readonly FuzzTarget[] = [
  sbomTarget("cyclonedx-json", {
    own: "packages/formats/src/cyclonedx-json/testdata/*.cdx.json",
    marks: /"bomFormat"|"CycloneDX"/,
    scope: ["sbom-in/cyclonedx.ts", ...foreign],
    mutators: [mutateJson, mutateJson, mutateBytes],
  }),
  sbomTarget("cyclonedx-xml", {
    own: "packages/formats/src/cyclonedx-xml/testdata/*.xml",
    marks: /^\s*<.*cyclonedx/s,
    scope: ["sbom-in/cyclonedx-xml.ts", "sbom-in/cyclonedx.ts"],
    mutators: [mutateXml, mutateXml, mutateBytes],
  }),
  sbomTarget("spdx-json", {
    own: "packages/formats/src/spdx-json/testdata/*.json",
    marks: /"spdxVersion"|"SPDXID"/,
    scope: ["sbom-in/spdx.ts", ...foreign],
    mutators: [mutateJson, mutateJson, mutateBytes],
  }),
  sbomTarget("plimsoll-json", {
    own: "packages/formats/src/plimsoll-json/testdata/*.json",
    marks: /"catalogers"/,
    scope: ["plimsoll-json/decode.ts", "plimsoll-json/read-sbom.ts"],
    mutators: [mutateJson, mutateJson, mutateBytes],
  }),
];
