import type { Distro } from "@plimsoll/model";

/** Text of a release file → distribution; `null` when it names none. */
export type ReleaseParser = (text: string) => Distro | null;

/** `KEY=value` lines of a shell-like file (os-release(5)): quotes and backslashes undone, comments skipped, last one stands. */
export function readAssignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.slice(0, longestFile).split("\n")) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match !== null) values.set(match[1] ?? "", unquote(match[2] ?? ""));
  }
  return values;
}

/** Characters of a release file that are looked at; real ones have less than a thousand. */
const longestFile = 65_536;

function unquote(raw: string): string {
  const text = raw.trim();
  const quote = text.charAt(0);
  const isQuoted = (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote);
  const inner = isQuoted ? text.slice(1, -1) : text;
  return quote === "'" ? inner : inner.replace(/\\(.)/g, "$1");
}
