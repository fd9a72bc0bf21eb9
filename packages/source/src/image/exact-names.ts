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

const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs;

/** Whether some object of a JSON document that can be read has two members of one name: readers put them together in different ways. */
export function hasTwins(json: string): boolean {
  /** Names in each object around the place; lists have none. */
  const open: Set<string>[] = [];
  for (const [token, colon] of json.matchAll(tokens)) {
    if (token === "{" || token === "[") open.push(new Set());
    if (token === "}" || token === "]") open.pop();
    if (colon === undefined) continue;
    const name = nameOf(token.slice(0, -colon.length));
    const names = open.at(-1);
    if (names?.has(name) === true) return true;
    names?.add(name);
  }
  return false;
}

function nameOf(quoted: string): string {
  return quoted.includes("\\") ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}
