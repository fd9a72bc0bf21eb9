import { messageOf } from "@plimsoll/kit";
import type { Advisory, Problem } from "@plimsoll/model";
import { parse as parseToml } from "smol-toml";
import type { FeedFile } from "../../feed.ts";
import { severityOfCvss } from "../../records/cvss-field.ts";
import { cvssOfVector } from "../../records/cvss-vector.ts";
import { cveIdOf, dateField, isAdvisoryId, present, proseField } from "../../records/field.ts";
import { type JsonObject, memberOf, objectOf, textOf, textsOf } from "../../records/json-value.ts";
import { rangesOutside } from "../../records/ranges-outside.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";

const feed = "rustsec";

/** Characters of TOML before the prose; real ones have some hundred. */
const longestFront = 100_000;

/** One advisory file (rustsec/advisory-db README, "Advisory Format"). Notices about crates without a maintainer are no flaws and are left out. */
export async function* parseRustsec(file: FeedFile): AsyncGenerator<FeedItem> {
  const text = await file.text();
  yield* readEach({ feed, path: file.path }, [frontMatter(text)], (document) => {
    const advisory = objectOf(memberOf(document, "advisory"));
    const id = textOf(advisory?.id);
    if (advisory === null || id === null || !isAdvisoryId(id)) return new Fault("an advisory without id");
    if (isNoticeWord(advisory.informational) || /(^|\/)rust\//.test(file.path)) return [leftOut(file.path)];
    return readAdvisory(id, advisory, { document, text });
  });
}

function frontMatter(text: string): unknown {
  const start = /^```toml[^\S\n]{0,100}\n/.exec(text)?.[0].length ?? 0;
  const end = text.indexOf("\n```", start - 1);
  if (start === 0 || end === -1 || end - start > longestFront) return new Fault("no TOML in front");
  try {
    return parseToml(text.slice(start, end));
  } catch (cause) {
    return new Fault(`not TOML: ${messageOf(cause)}`);
  }
}

/** Values of `informational` that are no flaw; "unsound" is one. */
export function isNoticeWord(informational: unknown): boolean {
  return informational === "unmaintained" || informational === "notice";
}

function leftOut(path: string): Problem {
  const message = "a notice, or about the toolchain: no flaw of a crate";
  return { level: "note", code: "feed-record-no-flaw", message, path, feed };
}

type Source = { readonly document: unknown; readonly text: string };

function readAdvisory(id: string, fields: JsonObject, { document, text }: Source): [Advisory] | Fault {
  const name = textOf(fields.package);
  const patched = textsOf(memberOf(document, "versions", "patched"));
  const good = [...patched, ...textsOf(memberOf(document, "versions", "unaffected"))];
  const ranges = rangesOutside("semver", good.map(plainRequirement));
  if (name === null || ranges === null) return new Fault("no package, or versions that cannot be read", id);
  const cvss = cvssOfVector(textOf(fields.cvss) ?? "");
  const others = textsOf(fields.aliases).filter(isAdvisoryId);
  const cves = others.filter((alias) => cveIdOf(alias) !== null).sort();
  const affected = { ecosystem: "cargo", name, nameKind: "source", scheme: "semver", ranges } as const;
  return [
    {
      kind: "advisory",
      id,
      feed,
      provider: "rustsec",
      vulnerabilities: cves,
      aliases: aliasesOf(id, others, cves),
      ...present({
        published: dateField(textOf(fields.date) ?? dayOf(fields.date)),
        withdrawn: dateField(textOf(fields.withdrawn) ?? dayOf(fields.withdrawn)),
        severity: cvss === null ? undefined : severityOfCvss([cvss]),
        cvss: cvss === null ? undefined : [cvss],
        title: proseField(/^# (.{1,500})$/m.exec(text)?.[1]),
      }),
      affected: ranges.length === 0 ? [] : [{ ...affected, fixState: patched.length > 0 ? "fixed" : "not-fixed" }],
    },
  ];
}

function aliasesOf(id: string, others: readonly string[], cves: readonly string[]): string[] {
  if (cves.length > 1) return [];
  const rest = others.filter((alias) => !cves.includes(alias));
  return (cves.length === 0 ? rest : [id, ...rest]).sort();
}

/** A TOML date without quotes. */
function dayOf(value: unknown): string | undefined {
  return value instanceof Date ? value.toISOString().slice(0, 10) : undefined;
}

/** Cargo's caret and bare versions as comparators: `^1.2.3` is `>=1.2.3, <2.0.0` (The Cargo Book, "Specifying Dependencies"). */
function plainRequirement(requirement: string): string {
  return requirement.split(",").map(plainComparator).join(", ");
}

function plainComparator(comparator: string): string {
  const [, kind, version] = /^(\^|~)?\s*(\d\S*)$/.exec(comparator.trim()) ?? [];
  return version === undefined ? comparator : `>=${version}, <${nextBreaking(version, kind === "~")}`;
}

function nextBreaking(version: string, tilde: boolean): string {
  const [major = 0, minor = 0, patch = 0] = version.split(/[-+]/, 1)[0]?.split(".").map(Number) ?? [];
  if (tilde) return `${major}.${minor + 1}.0`;
  if (major > 0) return `${major + 1}.0.0`;
  return minor > 0 ? `0.${minor + 1}.0` : `0.0.${patch + 1}`;
}
