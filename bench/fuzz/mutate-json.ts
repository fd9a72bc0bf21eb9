import { anyOf, type Chance } from "./chance.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import type { Mutator } from "./target.ts";

const oddValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  0.5,
  2 ** 53,
  "",
  " ",
  "0",
  "\u001b[31m",
  "\u202e\u0000",
  "2024-02-30",
  "sha256:",
  "CVE-2024-0001",
  "https://example.org/",
  "a".repeat(3000),
  [],
  {},
  [[]],
  [null],
  { "": null },
  ["a", 1, {}],
];

/** A value of the document replaced, left out, doubled, moved or taken from another: for what is read as JSON. */
export const mutateJson: Mutator = (input, tools) => {
  const document = parsed(input);
  if (document === undefined) return mutateBytes(input, tools);
  const { chance } = tools;
  const donor = parsed(tools.other);
  const holder = { document };
  const [parent, key] = placeIn(holder, chance);
  if (!chance.once(8)) edit(parent, key, { chance, donor });
  else addDepth(parent, key, chance);
  const text = JSON.stringify(holder.document) ?? "null";
  // JSON.stringify drops this key when it was made by assignment; documents can have it.
  return Buffer.from(chance.once(40) ? text.replace(/"\w+":/, '"__proto__":') : text);
};

type Holder = Record<string, unknown>;

function edit(parent: Holder, key: string, { chance, donor }: { chance: Chance; donor: unknown }): void {
  const value = parent[key];
  const kind = chance.below(7);
  if (kind === 0) remove(parent, key);
  else if (kind === 1) parent[key] = anyOf(oddValues, chance);
  else if (kind === 2 && donor !== undefined) parent[key] = subtreeOf(donor, chance);
  else if (kind === 3 && Array.isArray(parent)) parent.push(structuredClone(value));
  else if (kind === 4) parent[anyOf(Object.keys(parent), chance) ?? key] = value;
  else parent[key] = changedValue(value, chance);
}

function remove(parent: Holder, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

function changedValue(value: unknown, chance: Chance): unknown {
  if (typeof value === "string") return otherText(value, chance);
  return Array.isArray(value) ? Object.fromEntries(value.entries()) : [value];
}

function otherText(value: string, chance: Chance): string {
  const bytes = Buffer.from(value);
  return mutateBytes(bytes, { chance, other: bytes }).toString("utf8");
}

function addDepth(parent: Holder, key: string, chance: Chance): void {
  const levels = chance.pick([3, 30, 300]);
  const isList = chance.once(2);
  for (let level = 0; level < levels; level++) parent[key] = isList ? [parent[key]] : { [key]: parent[key] };
}

/** Walks down at random; the deeper, the likelier it stops. */
function placeIn(root: object, chance: Chance): [Holder, string] {
  let parent = root as Holder;
  for (;;) {
    const key = anyOf(Object.keys(parent), chance) ?? "";
    const value = parent[key];
    const isLeaf = typeof value !== "object" || value === null || Object.keys(value).length === 0;
    if (isLeaf || (parent !== root && chance.once(5))) return [parent, key];
    parent = value as Holder;
  }
}

function subtreeOf(donor: unknown, chance: Chance): unknown {
  const [parent, key] = placeIn({ donor }, chance);
  return structuredClone(parent[key]);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
