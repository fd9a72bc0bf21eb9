import { readReportText } from "../../../packages/formats/src/report-in/read-report-text.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { orRefused, printable, promise, sizeOf } from "../promises.ts";
import { bytesOf, ownFiles } from "../seeds.ts";
import type { FuzzTarget, Outcome } from "../target.ts";

function read(input: Buffer): Outcome {
  const { sbom, findings, problems } = readReportText(input.toString("utf8"));
  for (const { message } of problems) printable(message);
  const ids = new Set(sbom.packages.map(({ id }) => id));
  promise(
    findings.every(({ packageId }) => ids.has(packageId)),
    "a finding of a package that is not there",
  );
  promise(findings.length <= input.length, `${findings.length} findings of ${input.length} bytes`);
  return {
    shape: `${sizeOf(sbom.packages.length)} ${sizeOf(findings.length)} ${problems.length}`,
    value: [sbom, findings],
  };
}

/** Reports read back, of either version: baselines and sides of a diff. */
export const reportTargets: readonly FuzzTarget[] = ["v0", "v1"].map((version) => ({
  name: `report-${version}`,
  scope: ["packages/formats/src/report-in/"],
  mutators: [mutateJson, mutateJson, mutateBytes],
  seeds: async () => bytesOf(ownFiles(`packages/formats/src/json-${version}/testdata/*.json`)),
  run: (input) => orRefused(() => read(input)),
}));
