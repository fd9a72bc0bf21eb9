import { dayOf } from "../../moment.ts";
import { days } from "../extra.ts";
import { always, type Extra, type ImagePredicate, sinceAge } from "../predicate.ts";

/** Older than the age, or no readable creation date. The API's schema says `key` where real reports carry `age`: both are read. */
export const imageConfigCreationDateWithAge = {
  type: "imageConfigCreationDateWithAge",
  appliesTo: "image",
  parameters: {
    properties: {
      age: { type: "integer", minimum: 1, maximum: 36_500 },
      key: { type: "integer", minimum: 1, maximum: 36_500 },
    },
    required: [],
    anyOf: ["age", "key"],
  },
  describe: (extra) => `Image is older than ${days(ageOf(extra))} or Creation date is not present`,
  check: ({ created }, extra) => {
    const age = ageOf(extra);
    const since = dayOf(created) === null ? always : sinceAge(created, age);
    return { since, remediation: "Build the image anew, with its creation date set.", arguments: { age } };
  },
} as const satisfies ImagePredicate;

function ageOf(extra: Extra): number {
  const age = extra.age ?? extra.key;
  return typeof age === "number" ? age : Number.NaN;
}
