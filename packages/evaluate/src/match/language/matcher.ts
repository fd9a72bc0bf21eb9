import { advisoryName, ecosystemOf } from "@plimsoll/model";
import type { Matcher } from "../matcher.ts";

/** Every language row of the ecosystems table: by its ecosystem's own name. */
export const languageMatcher = {
  name: "language",
  appliesTo: (pkg) => !ecosystemOf(pkg.ecosystem).os,
  ecosystem: (pkg) => pkg.ecosystem,
  keys: (pkg, ecosystem) => [
    {
      ecosystem,
      name: advisoryName(pkg.ecosystem, pkg.name),
      version: pkg.version,
      via: "direct",
      nameKind: null,
    },
  ],
} as const satisfies Matcher;
