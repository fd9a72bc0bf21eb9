import { lookUp } from "@plimsoll/model";
import type { FeedFile } from "../feed.ts";
import { dateField } from "../records/field.ts";
import { type Fault, type FeedItem, type Origin, readEach } from "../records/read-each.ts";
import { type Criteria, type Criterion, criteriaOf, packageLeaves } from "./criteria.ts";
import { RpmTests, rpmTestElements } from "./rpm-tests.ts";
import { descendants, textIn, type XmlElement, xmlElements } from "./xml-elements.ts";

/** What a definition says about one package. */
export interface RpmStatement {
  readonly name: string;
  /** `below`: versions below `evr`; `up-to`: `evr` included; `any`: every version. */
  readonly affected: "below" | "up-to" | "any";
  /** As written; "" for `any`. */
  readonly evr: string;
  /** What else must hold, in the document's words: `Oracle Linux 8 is installed`, `Module nodejs:16 is enabled`. */
  readonly conditions: readonly string[];
}

/** How one publisher's definitions are kept and read. */
export interface RpmOvalReader<T> {
  /** What is kept of a definition until the tests behind it are known; `null`: it says nothing about packages. */
  readonly keep: (definition: XmlElement) => T | null;
  /** Facts of a kept definition. */
  readonly read: (kept: T, statements: readonly RpmStatement[]) => Iterable<FeedItem | Fault> | Fault;
}

/**
 * Reads an OVAL document about rpm packages. Definitions come before the tests, objects and states they refer to, so
 * they wait in short form. The generator's date is told for every ecosystem that the facts speak of.
 */
export async function* parseRpmOval<T>(
  file: FeedFile,
  { feed, reader }: { readonly feed: string; readonly reader: RpmOvalReader<T> },
): AsyncGenerator<FeedItem> {
  const origin: Origin = { feed, path: file.path };
  const tests = new RpmTests();
  const waiting: Waiting<T>[] = [];
  let date: string | undefined;
  const collect = (element: XmlElement): [] => {
    if (element.name === "timestamp") date ??= dateField(element.text);
    else if (element.name === "definition") waiting.push(...keep(element, reader));
    else tests.add(element);
    return [];
  };
  const wanted = new Set(["timestamp", "definition", ...rpmTestElements]);
  yield* readEach(origin, xmlElements(file.stream(), { wanted }), collect);
  const spoken = new Set<string>();
  const facts = readEach(origin, waiting, ({ kept, criteria }) => reader.read(kept, [...statements(criteria, tests)]));
  for await (const item of facts) {
    if ("kind" in item && item.kind === "advisory") for (const { ecosystem } of item.affected) spoken.add(ecosystem);
    yield item;
  }
  if (date !== undefined) for (const ecosystem of [...spoken].sort()) yield { kind: "dated", date, ecosystem };
}

interface Waiting<T> {
  readonly kept: T;
  readonly criteria: Criteria;
}

function keep<T>(definition: XmlElement, reader: RpmOvalReader<T>): Waiting<T>[] {
  const kept = reader.keep(definition);
  const criteria = definition.children.find(({ name }) => name === "criteria");
  return kept === null || criteria === undefined ? [] : [{ kept, criteria: criteriaOf(criteria) }];
}

function* statements(criteria: Criteria, tests: RpmTests): Generator<RpmStatement> {
  for (const { criterion, conditions } of packageLeaves(criteria, (one) => statementOf(one, tests) !== null)) {
    const statement = statementOf(criterion, tests);
    if (statement !== null) yield { ...statement, conditions };
  }
}

const operations: Readonly<Record<string, RpmStatement["affected"]>> = {
  "less than": "below",
  "less than or equal": "up-to",
};

function statementOf({ test, comment }: Criterion, tests: RpmTests): Omit<RpmStatement, "conditions"> | null {
  const affectedName = /^(\S{1,200}) is affected$/.exec(comment)?.[1];
  // SUSE's test for a package without a fix asks for version 0 of it.
  if (affectedName !== undefined) return { name: affectedName, affected: "any", evr: "" };
  const said = tests.testOf(test);
  if (said === null) return null;
  const affected = lookUp(operations, said.operation ?? "");
  if (said.evr !== undefined && affected !== undefined) return { name: said.name, affected, evr: said.evr };
  const asksPresence = said.evr === undefined && /^\S+ is installed$/.test(comment);
  return asksPresence ? { name: said.name, affected: "any", evr: "" } : null;
}

/** Ids that a definition refers to, of one source (`CVE`, `RHSA`; letter case does not matter). */
export function referencesOf(definition: XmlElement, source: string): string[] {
  return [...descendants(definition, "reference")]
    .filter(({ attributes }) => attributes.source?.toUpperCase() === source.toUpperCase())
    .map(({ attributes }) => attributes.ref_id ?? "");
}

/** Day on which a definition was `issued` or `updated`. */
export function dayIn(definition: XmlElement, name: "issued" | "updated"): string | undefined {
  return dateField(descendants(definition, name).next().value?.attributes.date);
}

/** The title of a definition on one line. */
export function titleIn(definition: XmlElement): string {
  return textIn(definition, "title").replace(/\s+/g, " ");
}

/** `nodejs:16` out of conditions that name a module stream. */
export function moduleIn(conditions: readonly string[]): string | undefined {
  const labels = conditions.map((words) => /^Module ([\w.+-]{1,100}:[\w.+-]{1,100}) is enabled$/.exec(words)?.[1]);
  return labels.find((label) => label !== undefined);
}
