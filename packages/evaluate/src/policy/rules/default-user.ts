import type { ImageInfo } from "@plimsoll/model";
import { textOf, texts, textsOf } from "../extra.ts";
import { always, type ConfigBreach, type ImagePredicate, noParameters } from "../predicate.ts";

const remediation =
  "Set a user other than the present one in the image's build file (USER), best a numeric id above 0.";

export const imageConfigDefaultUserIsRoot = {
  type: "imageConfigDefaultUserIsRoot",
  appliesTo: "image",
  parameters: noParameters,
  describe: () => "User is root",
  check: (image) =>
    breach(
      userOf(image) === "root",
      "The image runs as root: set another user in its build file (USER), best a numeric id above 0.",
    ),
} as const satisfies ImagePredicate;

export const imageConfigDefaultUserIsNot = {
  type: "imageConfigDefaultUserIsNot",
  appliesTo: "image",
  parameters: texts("user"),
  describe: (extra) => `User is not ${textOf(extra, "user")}`,
  check: (image, extra) =>
    breach(
      !isUser(image, textOf(extra, "user")),
      `The image must run as ${textOf(extra, "user")}: name that user in its build file (USER).`,
    ),
} as const satisfies ImagePredicate;

export const imageConfigDefaultUserList = {
  type: "imageConfigDefaultUserList",
  appliesTo: "image",
  parameters: {
    properties: {
      operator: { type: "string", enum: ["IN", "NOT_IN"] },
      users: { type: "array", minItems: 1, maxItems: 1024, items: { type: "string" } },
    },
    required: ["operator", "users"],
  },
  describe: (extra) =>
    `User is ${textOf(extra, "operator") === "IN" ? "" : "not "}one of ${textsOf(extra, "users").join(", ")}`,
  check: (image, extra) => {
    const listed = textsOf(extra, "users").some((user) => isUser(image, user));
    return breach(listed === (textOf(extra, "operator") === "IN"), remediation);
  },
} as const satisfies ImagePredicate;

function breach(violated: boolean, words: string): ConfigBreach | null {
  return violated ? { since: always, remediation: words, arguments: {} } : null;
}

/** Who the image runs as: the part before the group; nobody named is root, and so is every spelling of 0. */
function userOf({ config }: ImageInfo): string {
  return plainUser(config.user);
}

function plainUser(text: string): string {
  const user = text.split(":")[0]?.trim() ?? "";
  return user === "" || /^\+?0+$/.test(user) ? "root" : user;
}

/** With a group in the rule, user and group must both agree. */
function isUser(image: ImageInfo, wanted: string): boolean {
  if (wanted.includes(":")) return image.config.user.trim() === wanted.trim();
  return userOf(image) === plainUser(wanted);
}
