import { ecosystemOf } from "@plimsoll/model";
import { textOf } from "../extra.ts";
import { type FindingPredicate, noParameters, whether } from "../predicate.ts";

export const vulnPkgType = {
  type: "vulnPkgType",
  appliesTo: "finding",
  parameters: { properties: { pkgType: { type: "string", enum: ["os", "nonOs"] } }, required: ["pkgType"] },
  describe: (extra) => (textOf(extra, "pkgType") === "os" ? "OS package" : "Non-OS package"),
  since: ({ package: pkg }, extra) => whether((textOf(extra, "pkgType") === "os") === ecosystemOf(pkg.ecosystem).os),
} as const satisfies FindingPredicate;

export const vulnIsInUse = {
  type: "vulnIsInUse",
  appliesTo: "finding",
  needsRuntime: true,
  parameters: noParameters,
  describe: () => "Package in use",
  since: ({ inUse }) => whether(inUse === true),
} as const satisfies FindingPredicate;
