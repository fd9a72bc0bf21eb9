import { textOf, texts, textsOf } from "../extra.ts";
import { always, type ConfigBreach, type ImagePredicate } from "../predicate.ts";

export const imageConfigLabelExists = {
  type: "imageConfigLabelExists",
  appliesTo: "image",
  parameters: texts("key"),
  describe: (extra) => `Image label ${textOf(extra, "key")} exists`,
  check: ({ config }, extra) =>
    breach(labelOf(config.labels, textOf(extra, "key")) !== undefined, `Remove the label ${textOf(extra, "key")}.`),
} as const satisfies ImagePredicate;

export const imageConfigLabelNotExists = {
  type: "imageConfigLabelNotExists",
  appliesTo: "image",
  parameters: texts("key"),
  describe: (extra) => `Image label ${textOf(extra, "key")} does not exist`,
  check: ({ config }, extra) =>
    breach(labelOf(config.labels, textOf(extra, "key")) === undefined, `Add the label ${textOf(extra, "key")}.`),
} as const satisfies ImagePredicate;

/** Violated where the label is missing or its value does not contain the text. */
export const imageConfigLabelNotContains = {
  type: "imageConfigLabelNotContains",
  appliesTo: "image",
  parameters: texts("key", "value"),
  describe: (extra) => `Value ${textOf(extra, "value")} not found in label ${textOf(extra, "key")}`,
  check: ({ config }, extra) => {
    const [key, value] = [textOf(extra, "key"), textOf(extra, "value")];
    const found = labelOf(config.labels, key)?.includes(value) ?? false;
    return breach(!found, `Set the label ${key} to a value that contains ${value}.`);
  },
} as const satisfies ImagePredicate;

/** Violated where the label has exactly the value and every other listed label is there too (spec 20, point 1). */
export const imageConfigLabelWithValueAndLabelsExist = {
  type: "imageConfigLabelWithValueAndLabelsExist",
  appliesTo: "image",
  parameters: {
    properties: {
      key: { type: "string" },
      value: { type: "string" },
      requiredLabels: { type: "array", minItems: 0, maxItems: 1024, items: { type: "string" } },
    },
    required: ["key", "value"],
  },
  describe: (extra) => {
    const others = textsOf(extra, "requiredLabels").join(", ");
    return `Image label ${textOf(extra, "key")} has value ${textOf(extra, "value")} and labels ${others} exist`;
  },
  check: ({ config }, extra) => {
    const [key, value] = [textOf(extra, "key"), textOf(extra, "value")];
    const others = textsOf(extra, "requiredLabels");
    const together = others.every((name) => labelOf(config.labels, name) !== undefined);
    const remediation = `Remove the label ${key}, or one of ${others.join(", ")}: they must not stand together.`;
    return breach(labelOf(config.labels, key) === value && together, remediation);
  },
} as const satisfies ImagePredicate;

function breach(violated: boolean, remediation: string): ConfigBreach | null {
  return violated ? { since: always, remediation, arguments: {} } : null;
}

function labelOf(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
