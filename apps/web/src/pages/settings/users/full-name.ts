import type { User } from "@plimsoll/contract";

/** First and last name; "" when neither is known. */
export function fullName({ firstName, lastName }: Pick<User, "firstName" | "lastName">): string {
  return [firstName, lastName].filter((part) => part !== null && part !== "").join(" ");
}
