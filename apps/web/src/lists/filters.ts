import type { Grouping } from "@plimsoll/contract";
import type { View } from "../frame/view.ts";

export type Stage = "pipeline" | "registry" | "runtime";

/** One thing that lists can be asked for: what it is called in the address, on the page, and by the API. */
export interface FilterField {
  /** In the address; with `!` behind it for what must not be. */
  readonly id: string;
  readonly title: string;
  /** In the API's filter language. */
  readonly field: string;
  /** `least`: so severe or more; `yes`: yes or no; `choice`: one of `options`; `text`: one exact text; `free`: part of a text. */
  readonly kind: "least" | "yes" | "choice" | "text" | "free";
  readonly options?: readonly Option[];
  /** By what a list's groups are asked for texts to suggest. */
  readonly grouping?: Grouping;
  readonly hint?: string;
  readonly stages: readonly Stage[];
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** One condition on a list. */
export interface ListFilter {
  readonly field: FilterField;
  readonly isNot: boolean;
  readonly value: string;
}

const everywhere: readonly Stage[] = ["pipeline", "registry", "runtime"];
const seen: readonly Stage[] = ["registry", "runtime"];
const images: readonly Stage[] = ["pipeline", "registry"];
const runtime: readonly Stage[] = ["runtime"];

const words = (...values: readonly string[]): Option[] => values.map((value) => ({ value, label: value }));
const yesNo = (yes: string, no: string): Option[] => [
  { value: "yes", label: yes },
  { value: "no", label: no },
];

/** Everything that lists can be filtered by. */
const filterFields: readonly FilterField[] = [
  { id: "q", title: "Name", field: "freeText", kind: "free", stages: everywhere },
  {
    id: "severity",
    title: "Severity at least",
    field: "severity",
    kind: "least",
    options: words("critical", "high", "medium", "low", "negligible"),
    stages: everywhere,
  },
  {
    id: "with",
    title: "Some of severity",
    field: "severity",
    kind: "choice",
    options: words("critical", "high", "medium", "low", "negligible"),
    stages: everywhere,
  },
  {
    id: "fix",
    title: "Fix",
    field: "hasFix",
    kind: "yes",
    options: yesNo("something has a fix", "nothing has a fix"),
    stages: everywhere,
  },
  {
    id: "exploit",
    title: "Exploit",
    field: "hasExploit",
    kind: "yes",
    options: yesNo("an exploit exists", "no exploit known"),
    stages: everywhere,
  },
  {
    id: "inuse",
    title: "In use",
    field: "inUse",
    kind: "yes",
    options: yesNo("something is in use", "nothing is in use"),
    stages: seen,
  },
  {
    id: "policy",
    title: "Policies",
    field: "policyStatus",
    kind: "choice",
    options: [...words("failed", "passed", "accepted"), { value: "noPolicy", label: "no policy" }],
    stages: everywhere,
  },
  {
    id: "complete",
    title: "Answer",
    field: "complete",
    kind: "yes",
    options: yesNo("complete", "incomplete"),
    stages: everywhere,
  },
  {
    id: "type",
    title: "Type",
    field: "asset.type",
    kind: "choice",
    options: words("workload", "container", "host"),
    stages: runtime,
  },
  { id: "zone", title: "Zone", field: "zone.name", kind: "text", stages: everywhere },
  { id: "cluster", title: "Cluster", field: "cluster", kind: "text", grouping: "cluster", stages: runtime },
  { id: "namespace", title: "Namespace", field: "namespace", kind: "text", grouping: "namespace", stages: runtime },
  { id: "workload", title: "Workload", field: "workload", kind: "text", grouping: "workload", stages: runtime },
  { id: "host", title: "Host", field: "host.hostName", kind: "text", grouping: "host", stages: runtime },
  { id: "vendor", title: "Registry vendor", field: "vendor", kind: "text", grouping: "vendor", stages: ["registry"] },
  { id: "registry", title: "Registry", field: "registry", kind: "text", grouping: "registry", stages: ["registry"] },
  {
    id: "repository",
    title: "Repository",
    field: "repository",
    kind: "text",
    grouping: "repository",
    stages: ["registry"],
  },
  { id: "tag", title: "Tag", field: "tag", kind: "text", grouping: "tag", stages: images },
  { id: "cve", title: "Vulnerability", field: "cve", kind: "text", hint: "CVE-2024-3094", stages: everywhere },
  {
    id: "package",
    title: "Package",
    field: "package",
    kind: "text",
    hint: "openssl, openssl@3.1.0-r0 or a purl",
    stages: everywhere,
  },
  { id: "name", title: "Exact name", field: "name", kind: "text", stages: everywhere },
  { id: "digest", title: "Image digest", field: "image.digest", kind: "text", hint: "sha256:…", stages: everywhere },
];

/** The fields that a list has. */
export function fieldsOf(stage: Stage): readonly FilterField[] {
  return filterFields.filter(({ stages }) => stages.includes(stage));
}

/** The conditions that an address holds, in the order of the fields; what is none is left out. */
export function filtersIn(view: View, stage: Stage): ListFilter[] {
  return fieldsOf(stage).flatMap((field) =>
    [false, true].flatMap((isNot): ListFilter[] => {
      const value = view[addressNameOf(field, isNot)];
      if (value === undefined || value === "" || (isNot && !canBeNot(field))) return [];
      const isKnown = field.options === undefined || field.options.some((option) => option.value === value);
      return isKnown ? [{ field, isNot, value }] : [];
    }),
  );
}

/** Whether "is not" says something of its own. */
export function canBeNot({ kind }: FilterField): boolean {
  return kind === "text" || kind === "choice";
}

/** What to put into the address, and (`undefined`) to take out of it, so that it holds these conditions alone. */
export function viewOf(filters: readonly ListFilter[]): View {
  const none = filterFields.flatMap((field) => [addressNameOf(field, false), addressNameOf(field, true)]);
  return {
    ...Object.fromEntries(none.map((name) => [name, undefined])),
    ...Object.fromEntries(filters.map(({ field, isNot, value }) => [addressNameOf(field, isNot), value])),
  };
}

/** The name of a condition in the address: `cluster`, `cluster!`. */
export function addressNameOf({ id }: FilterField, isNot: boolean): string {
  return isNot ? `${id}!` : id;
}

/** The conditions in the API's filter language; "" for none. */
export function expressionOf(filters: readonly ListFilter[]): string {
  return filters.map(comparisonOf).join(" and ");
}

function comparisonOf({ field: { field, id, kind }, isNot, value }: ListFilter): string {
  if (kind === "least") return `${field} >= ${quoted(value)}`;
  if (kind === "yes") return `${field} = ${value === "yes"}`;
  if (kind === "free") return `${field} in (${quoted(value)})`;
  // What nobody rates counts as medium in every number that is shown.
  if (id === "with" && value === "medium") return `${field} ${isNot ? "not in" : "in"} ("medium", "unknown")`;
  return `${field} ${isNot ? "!=" : "="} ${quoted(value)}`;
}

/** A text as the filter language takes it, whatever is in it; a NUL, which no name can have, is left out. */
export function quoted(text: string): string {
  return `"${text.replaceAll("\0", "").replaceAll(/[\\"]/g, "\\$&")}"`;
}

/** A condition in words. */
export function wordsOf({ field: { title, options, kind }, isNot, value }: ListFilter): string {
  const shown = options?.find((option) => option.value === value)?.label ?? value;
  if (kind === "yes") return shown;
  return `${title}${kind === "least" ? "" : isNot ? " is not" : ":"} ${shown}`;
}
