import { explain } from "./explained.ts";
import { keyOf, type Listed } from "./inventory.ts";

type Inventory = ReadonlyMap<string, Listed>;

/** One package type of one image, ours beside a peer's. */
export interface Comparison {
  readonly type: string;
  readonly ours: number;
  readonly theirs: number;
  /** The same jar under another name; neither more nor less. */
  readonly renamed: number;
  /** Reason → how many the peer has more. */
  readonly more: ReadonlyMap<string, number>;
  /** Reason → how many it has less. */
  readonly less: ReadonlyMap<string, number>;
  readonly unexplained: readonly string[];
}

/** Types of package URLs that our catalogers find; a peer's others wait for theirs. */
const found: ReadonlySet<string> = new Set(["apk", "deb", "gem", "golang", "maven", "npm", "pypi", "rpm"]);

/** Compares two inventories of one image, type by type. */
export function compare(peer: string, ours: Inventory, theirs: Inventory): Comparison[] {
  const types = new Set([...ours.values(), ...theirs.values()].map(({ type }) => type));
  const compared = [...types].filter((type) => found.has(type)).sort();
  return compared.map((type) => compareType(peer, ofType(ours, type), ofType(theirs, type)));
}

/** How many packages of a peer are of types that are not compared, by type. */
export function notCompared(theirs: Inventory): Map<string, number> {
  const others = [...theirs.values()].filter(({ type }) => !found.has(type));
  return new Map([...Map.groupBy(others, ({ type }) => type)].map(([type, same]) => [type, same.length]));
}

function compareType(peer: string, ours: Inventory, theirs: Inventory): Comparison {
  const [type = ""] = [...ours.values(), ...theirs.values()].map((one) => one.type);
  const onlyTheirs = [...theirs].filter(([key]) => !ours.has(key)).map(([, one]) => one);
  const onlyOurs = [...ours].filter(([key]) => !theirs.has(key)).map(([, one]) => one);
  const pairs = type === "maven" ? pairsOf(onlyOurs, onlyTheirs) : new Map<Listed, Listed>();
  const renamed = new Set(pairs.values());
  const more = reasonsOf(
    peer,
    "more",
    onlyTheirs.filter((one) => !pairs.has(one)),
  );
  const less = reasonsOf(
    peer,
    "less",
    onlyOurs.filter((one) => !renamed.has(one)),
  );
  return {
    type,
    ours: ours.size,
    theirs: theirs.size,
    renamed: pairs.size,
    more: more.reasons,
    less: less.reasons,
    unexplained: [...more.unexplained.map((line) => `+ ${line}`), ...less.unexplained.map((line) => `- ${line}`)],
  };
}

function ofType(inventory: Inventory, type: string): Inventory {
  return new Map([...inventory].filter(([, one]) => one.type === type));
}

/** Jars without Maven's files have no certain name: each of theirs meets at most one of ours for the same jar. */
function pairsOf(ours: readonly Listed[], theirs: readonly Listed[]): Map<Listed, Listed> {
  const free = new Set(ours);
  const pairs = new Map<Listed, Listed>();
  for (const one of theirs) {
    const found = [...free].find((own) => isSameJar(own, one));
    if (found === undefined) continue;
    free.delete(found);
    pairs.set(one, found);
  }
  return pairs;
}

/** The peers name the outer archive only; inside one, artifact and version must agree. */
function isSameJar(own: Listed, other: Listed): boolean {
  if (own.paths.some((path) => other.paths.includes(path))) return true;
  const outer = own.paths.map((path) => path.split(":", 1)[0] ?? "");
  return (
    artifactOf(own) === artifactOf(other) &&
    own.version === other.version &&
    outer.some((path) => other.paths.includes(path))
  );
}

function artifactOf({ name }: Listed): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function reasonsOf(peer: string, side: "more" | "less", listed: readonly Listed[]) {
  const reasons = new Map<string, number>();
  const unexplained: string[] = [];
  for (const one of listed) {
    const line = `${keyOf(one)} | ${one.paths.join(" ")}`;
    const reason = explain(peer, side, line);
    if (reason === null) unexplained.push(line);
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return { reasons, unexplained };
}
