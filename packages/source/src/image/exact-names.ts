import type { JsonObject } from "./json.ts";

// Go's encoding/json, and with it every container engine, takes names that differ in case alone for the same, and of two
// the last one. A document that says both `layers` and `Layers` would show one image to us and run another.

/** The name among `names` that some member is another spelling of; `null` when all are spelled as they are. */
export function misspelled(object: JsonObject, names: readonly string[]): string | null {
  const exact = new Set(names);
  const others = new Set(
    Object.keys(object)
      .filter((key) => !exact.has(key))
      .map(folded),
  );
  return names.find((name) => others.has(folded(name))) ?? null;
}

/** The long s is the one letter beside the Kelvin sign that Go folds to ASCII, and JavaScript does not. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll("ſ", "s");
}

/** Whether some object of a JSON document that can be read has two members of one name: readers put them together in different ways. */
export function hasTwins(json: string): boolean {
  /** Names in each object around the place; lists have none. */
  const open: Set<string>[] = [];
  const marks = /["{}[\]]/g;
  for (let mark = marks.exec(json); mark !== null; mark = marks.exec(json)) {
    if (mark[0] === '"') {
      marks.lastIndex = endOfText(json, mark.index);
      const name = nameOf(json, mark.index, marks.lastIndex);
      if (name !== null && isKnown(open.at(-1), name)) return true;
    } else if (mark[0] === "{" || mark[0] === "[") open.push(new Set());
    else open.pop();
  }
  return false;
}

/** Whether the name was there before; it is, after this. */
function isKnown(names: Set<string> | undefined, name: string): boolean {
  return names !== undefined && names.size === names.add(name).size;
}

/** The place behind a text. No pattern does this: one that tells escapes apart runs out of room at some million of them. */
function endOfText(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); ; quote = json.indexOf('"', quote + 1)) {
    let before = quote;
    while (json[before - 1] === "\\") before--;
    if ((quote - before) % 2 === 0) return quote + 1;
  }
}

/** The text, read, when it is a member's name; `null` for a value. */
function nameOf(json: string, start: number, end: number): string | null {
  const colon = /\s*:/y;
  colon.lastIndex = end;
  if (!colon.test(json)) return null;
  const quoted = json.slice(start, end);
  return quoted.includes("\\") ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}
