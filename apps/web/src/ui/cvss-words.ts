type Words = Readonly<Record<string, string>>;

const common: Readonly<Record<string, Words>> = {
  AV: { N: "over the network", A: "from the same network", L: "with a local account", P: "with the device in hand" },
  AC: { L: "easily", H: "under conditions the attacker does not control" },
  PR: { N: "without an account", L: "with an ordinary account", H: "with an administrator's account" },
};
const loss: Words = { H: "all", L: "some" };

const v3: Readonly<Record<string, Words>> = {
  ...common,
  UI: { N: "without anybody's help", R: "with somebody's help" },
  S: { C: "and reaches beyond the component" },
};
const v4: Readonly<Record<string, Words>> = {
  ...common,
  AT: { P: "if certain circumstances hold" },
  UI: { N: "without anybody's help", P: "with somebody's ordinary help", A: "with somebody's active help" },
};
const losses = [
  ["C", "confidentiality"],
  ["I", "integrity"],
  ["A", "availability"],
] as const;

/** A CVSS vector (first.org, versions 3 and 4) as a sentence; "" for what cannot be read. */
export function cvssInWords(vector: string): string {
  const metrics = new Map(vector.split("/").map((part) => part.split(":", 2) as [string, string | undefined]));
  const version = metrics.get("CVSS") ?? "";
  const table = version.startsWith("4") ? v4 : version.startsWith("3") ? v3 : null;
  if (table === null) return "";
  const told = Object.entries(table).flatMap(([metric, words]) => words[metrics.get(metric) ?? ""] ?? []);
  const lost = losses.flatMap(([letter, what]) => {
    const word = loss[metrics.get(version.startsWith("4") ? `V${letter}` : letter) ?? ""];
    return word === undefined ? [] : [`${word} ${what}`];
  });
  const harm = lost.length === 0 ? "nothing of its own is lost" : `${lost.join(", ")} is lost`;
  return told.length === 0 ? "" : `Can be attacked ${told.join(", ")}; ${harm}.`;
}
