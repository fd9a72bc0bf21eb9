import { commandNames } from "./command-names.ts";
import { cliError } from "./errors.ts";

/** The one source that was named. `command` is the command's own name. Throws NOTHING_TO_SCAN, TOO_MANY_SOURCES with a hint. */
export function oneSource(operands: readonly string[], command: string): string {
  const [source, ...others] = operands;
  if (source === undefined) {
    const isNamed = command !== "scan";
    const example = isNamed
      ? `plimsoll ${command} nginx:1.25; an image called ${command} is plimsoll pull://${command}`
      : "plimsoll scan nginx:1.25; an image called scan is plimsoll pull://scan";
    throw cliError("NOTHING_TO_SCAN", { fields: { command, example } });
  }
  if (others.length > 0) {
    const fields = { count: operands.length, sources: operands.join(" "), next: hintFor(operands) };
    throw cliError("TOO_MANY_SOURCES", { fields });
  }
  return source;
}

/** Several words are mostly a command in the wrong place or misspelt. */
function hintFor(operands: readonly string[]): string {
  const misplaced = operands.find((word) => commandNames.includes(word));
  if (misplaced !== undefined) {
    return `put the command first: plimsoll ${misplaced} …; an image of that name is pull://${misplaced}`;
  }
  const [first = ""] = operands;
  const near = commandNames.find((name) => isNear(first, name));
  return near === undefined ? "run it once for each" : `did you mean plimsoll ${near} ${operands.slice(1).join(" ")}?`;
}

/** One letter more, less, other, or two swapped. */
function isNear(word: string, name: string): boolean {
  if (Math.abs(word.length - name.length) > 1 || word.length < 2) return false;
  let start = 0;
  while (start < word.length && word[start] === name[start]) start += 1;
  const rest = (text: string, skip: number): string => text.slice(start + skip);
  return (
    rest(word, 1) === rest(name, 1) ||
    rest(word, 1) === rest(name, 0) ||
    rest(word, 0) === rest(name, 1) ||
    (rest(word, 2) === rest(name, 2) && word[start] === name[start + 1] && word[start + 1] === name[start])
  );
}
