import { messageOf, PlimsollError, plainText } from "@plimsoll/kit";
import { cliError } from "./errors.ts";
import type { World } from "./world.ts";

/** Tells what went wrong in two lines on stderr: the message with its code, and what to do next. Answers the exit code. */
export async function reportError(thrown: unknown, { stderr, env }: World): Promise<number> {
  const error = thrown instanceof PlimsollError ? thrown : internal(thrown);
  await stderr.write(`plimsoll: ${plainText(error.message)} [${error.code}]\n  next: ${plainText(error.next)}\n`);
  if (env.PLIMSOLL_DEBUG) await stderr.write(traceOf(error));
  return error.exit;
}

/** Where it came from, causes included; for those who report or mend it. */
function traceOf(error: Error): string {
  const traces: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && traces.length < 10; cause = cause.cause) {
    traces.push(
      (cause.stack ?? cause.message)
        .split("\n")
        .map((line) => `  ${plainText(line, 500)}`)
        .join("\n"),
    );
  }
  return `${traces.join("\n  caused by\n")}\n`;
}

function internal(thrown: unknown): PlimsollError {
  return cliError("INTERNAL", { fields: { why: messageOf(thrown) }, cause: thrown });
}
