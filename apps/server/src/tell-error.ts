import { messageOf, PlimsollError, plainText } from "@plimsoll/kit";
import { safeText } from "./operation/hide-secrets.ts";
import type { World } from "./world.ts";

/** Tells what went wrong in two lines on stderr: the message with its code, and what to do next. Answers the exit code. */
export function tellError(error: unknown, { stderr, env }: Pick<World, "stderr" | "env">): number {
  const isOurs = error instanceof PlimsollError;
  stderr.write(
    isOurs
      ? `plimsoll: ${safeText(error.message)} [${error.code}]\n  next: ${safeText(error.next)}\n`
      : `plimsoll: this should not have happened: ${safeText(messageOf(error))} [INTERNAL]\n  next: report it as a bug\n`,
  );
  if (env.PLIMSOLL_DEBUG && error instanceof Error) stderr.write(`${plainText(error.stack ?? "")}\n`);
  return isOurs ? error.exit : 3;
}
