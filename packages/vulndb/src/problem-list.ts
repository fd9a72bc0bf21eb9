import { type Problem, sortProblems } from "@plimsoll/model";

/** Told one by one of each kind; the others are counted. */
const examples = 10;

/** Problems of a build, with an end to how many of one kind (level, code, feed) are told. */
export class ProblemList {
  readonly #told: Problem[] = [];
  readonly #kinds = new Map<string, { readonly first: Problem; count: number }>();

  add(problem: Problem): void {
    const key = `${problem.level} ${problem.code} ${problem.feed ?? ""}`;
    const kind = this.#kinds.get(key) ?? { first: problem, count: 0 };
    this.#kinds.set(key, kind);
    // Each whole file that was not read is told: nothing else says which.
    if (++kind.count <= examples || problem.feed === undefined) this.#told.push(problem);
  }

  /** Sorted; `… and 1,234 more` in one line for each kind. */
  all(): Problem[] {
    const rest = [...this.#kinds.values()].filter(({ first, count }) => first.feed !== undefined && count > examples);
    return sortProblems([...this.#told, ...rest.map(({ first, count }) => summary(first, count - examples))]);
  }
}

function summary({ level, code, feed }: Problem, more: number): Problem {
  return { level, code, message: `and ${more} more of this kind`, ...(feed === undefined ? {} : { feed }) };
}
