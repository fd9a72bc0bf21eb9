import type { XmlElement } from "./xml-elements.ts";

/** A criterion: the test it refers to, and what it says in words. */
export interface Criterion {
  readonly test: string;
  readonly comment: string;
}

/** A criteria tree without what is not needed, so that thousands can wait for the tests behind them. */
export interface Criteria {
  /** AND; else OR. */
  readonly all: boolean;
  readonly criterions: readonly Criterion[];
  readonly children: readonly Criteria[];
}

/** Reads a `criteria` element (OVAL 5.11 definitions schema: `operator` is AND unless it says otherwise). */
export function criteriaOf(element: XmlElement): Criteria {
  const ofName = (name: string) => element.children.filter((child) => child.name === name);
  return {
    all: (element.attributes.operator ?? "AND").toUpperCase() === "AND",
    criterions: ofName("criterion").map(({ attributes }) => ({
      test: attributes.test_ref ?? "",
      comment: attributes.comment ?? "",
    })),
    children: ofName("criteria").map(criteriaOf),
  };
}

/** A criterion about a package, with the words of everything else that must hold beside it. */
export interface Leaf {
  readonly criterion: Criterion;
  /** Comments: `Oracle Linux 8 is installed`, `Module nodejs:16 is enabled`; of an inner OR all its alternatives. */
  readonly conditions: readonly string[];
}

/** The criteria about packages, as `isPackage` tells them, each with its conditions. */
export function* packageLeaves(
  criteria: Criteria,
  isPackage: (criterion: Criterion) => boolean,
  outer: readonly string[] = [],
): Generator<Leaf> {
  const speaking = criteria.children.filter((child) => speaksOfPackages(child, isPackage));
  const others = criteria.criterions.filter((criterion) => !isPackage(criterion)).map(({ comment }) => comment);
  const beside = criteria.children.filter((child) => !speaking.includes(child)).flatMap(commentsIn);
  const conditions = criteria.all ? [...outer, ...others, ...beside] : outer;
  for (const criterion of criteria.criterions) if (isPackage(criterion)) yield { criterion, conditions };
  for (const child of speaking) yield* packageLeaves(child, isPackage, conditions);
}

function speaksOfPackages({ criterions, children }: Criteria, isPackage: (criterion: Criterion) => boolean): boolean {
  return criterions.some(isPackage) || children.some((child) => speaksOfPackages(child, isPackage));
}

function commentsIn({ criterions, children }: Criteria): string[] {
  return [...criterions.map(({ comment }) => comment), ...children.flatMap(commentsIn)];
}
