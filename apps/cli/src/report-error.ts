import { messageOf, PlimsollError, plainText } from "@plimsoll/kit";
import { cliError } from "./errors.ts";
import type { World } from "./world.ts";

/** Tells what went wrong in two lines on stderr: the message with its code, and what to do next. Answers the exit code. */
export async function reportError(thrown: unknown, { stderr }: World): Promise<number> {
  const error = thrown instanceof PlimsollError ? thrown : internal(thrown);
  await stderr.write(`plimsoll: ${plainText(error.message)} [${error.code}]\n  next: ${plainText(error.next)}\n`);
  return error.exit;
}

function internal(thrown: unknown): PlimsollError {
  return cliError("INTERNAL", { fields: { why: messageOf(thrown) }, cause: thrown });
}
