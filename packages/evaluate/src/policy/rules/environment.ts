import type { ImageInfo } from "@plimsoll/model";
import { textOf, texts } from "../extra.ts";
import { always, type ConfigBreach, type ImagePredicate } from "../predicate.ts";

export const imageConfigEnvVariableExists = {
  type: "imageConfigEnvVariableExists",
  appliesTo: "image",
  parameters: texts("key"),
  describe: (extra) => `Variable ${textOf(extra, "key")} exists`,
  check: (image, extra) =>
    breach(
      variableOf(image, textOf(extra, "key")) !== null,
      `Remove the variable ${textOf(extra, "key")} (ENV) from the image.`,
    ),
} as const satisfies ImagePredicate;

export const imageConfigEnvVariableNotExists = {
  type: "imageConfigEnvVariableNotExists",
  appliesTo: "image",
  parameters: texts("key"),
  describe: (extra) => `Variable ${textOf(extra, "key")} does not exist`,
  check: (image, extra) =>
    breach(
      variableOf(image, textOf(extra, "key")) === null,
      `Set the variable ${textOf(extra, "key")} (ENV) in the image.`,
    ),
} as const satisfies ImagePredicate;

/** Substring test; without a value any value will do. */
export const imageConfigEnvVariableContains = {
  type: "imageConfigEnvVariableContains",
  appliesTo: "image",
  parameters: { properties: { key: { type: "string" }, value: { type: "string" } }, required: ["key"] },
  describe: (extra) => `Variable ${textOf(extra, "key")} contains value ${textOf(extra, "value")}`,
  check: (image, extra) => {
    const found = variableOf(image, textOf(extra, "key"))?.includes(textOf(extra, "value")) ?? false;
    return breach(found, `Change the value of the variable ${textOf(extra, "key")} (ENV).`);
  },
} as const satisfies ImagePredicate;

function breach(violated: boolean, remediation: string): ConfigBreach | null {
  return violated ? { since: always, remediation, arguments: {} } : null;
}

/** The last line of a name counts, as for the process that starts. */
function variableOf({ config }: ImageInfo, key: string): string | null {
  const line = config.env.findLast((entry) => (entry.split("=", 1)[0] ?? "") === key);
  return line === undefined ? null : line.slice(key.length + 1);
}
