import type { Finding, ImageInfo, Package } from "@plimsoll/model";
import { dayMs, dayOf } from "../moment.ts";

/** A predicate's parameters, as in the contract (`extra`). */
export type Extra = Readonly<Record<string, unknown>>;

/** One parameter as a JSON Schema literal: the API validates with it, the UI draws its form from it. */
export type ParameterSchema =
  | { readonly type: "string"; readonly enum?: readonly string[]; readonly format?: "date" }
  | { readonly type: "integer" | "number"; readonly minimum: number; readonly maximum: number }
  | { readonly type: "array"; readonly minItems: number; readonly maxItems: number; readonly items: ItemSchema };

type ItemSchema =
  | { readonly type: "string" }
  | {
      readonly type: "object";
      readonly required: readonly string[];
      readonly properties: Readonly<Record<string, { readonly type: "string" }>>;
    };

export interface Parameters {
  readonly properties: Readonly<Record<string, ParameterSchema>>;
  /** Names of those that must be there. */
  readonly required: readonly string[];
  /** At least one of these must be there. */
  readonly anyOf?: readonly string[];
}

/**
 * Since when something holds: a moment in milliseconds since the epoch, {@link always} or {@link never}. No violating
 * condition ends by time alone, so this one number answers both "now?" and "when does the answer change?".
 */
export type Since = number;
export const always: Since = Number.NEGATIVE_INFINITY;
export const never: Since = Number.POSITIVE_INFINITY;

/** `always` or `never`. */
export function whether(condition: boolean): Since {
  return condition ? always : never;
}

/** Since when at least `age` whole days have passed since `date`; never without a readable date or age (spec 20a, "Days predicates"). */
export function sinceAge(date: string | null | undefined, age: number): Since {
  const day = dayOf(date);
  return day === null || Number.isNaN(age) ? never : day + age * dayMs;
}

/** What a predicate on findings sees. */
export interface FindingSubject {
  readonly finding: Finding;
  readonly package: Package;
  /** Whether the package was seen loaded; `null` where nobody watched. */
  readonly inUse: boolean | null;
}

interface Described {
  /** The contract's word (3.6). */
  readonly type: string;
  readonly parameters: Parameters;
  /** Text of the condition for people (spec 8.3). */
  describe(extra: Extra): string;
}

/** Violated by a vulnerability in a package. */
export interface FindingPredicate extends Described {
  readonly appliesTo: "finding";
  since(subject: FindingSubject, extra: Extra): Since;
  /** Needs to know what runs: not applicable where that was not watched (at pipeline it simply never holds). */
  readonly needsRuntime?: true;
}

/** Violated by the mere presence of a package. */
export interface PackagePredicate extends Described {
  readonly appliesTo: "package";
  since(pkg: Package, extra: Extra): Since;
}

/** How an image's configuration violates a rule. */
export interface ConfigBreach {
  readonly since: Since;
  /** What to do about it. */
  readonly remediation: string;
  /** Facts for machines, as in the contract: `{instructions: ["ADD"]}`, `{age: 30}`. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Violated by an image's configuration or history. */
export interface ImagePredicate extends Described {
  readonly appliesTo: "image";
  check(image: ImageInfo, extra: Extra): ConfigBreach | null;
}

export type PredicateDefinition = FindingPredicate | PackagePredicate | ImagePredicate;

/** The parameters of a predicate that takes none. */
export const noParameters: Parameters = { properties: {}, required: [] };
