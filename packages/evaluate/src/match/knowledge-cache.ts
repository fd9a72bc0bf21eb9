import type { FeedState } from "@plimsoll/model";
import type { AffectedRecord, KnowledgeBase, VulnerabilityFacts, VulnerabilityGroup } from "@plimsoll/vulndb";

/** A knowledge base asked once for each thing within one evaluation: packages of one source repeat names and flaws. */
export class KnowledgeCache {
  readonly status: KnowledgeBase["status"];
  readonly #base: KnowledgeBase;
  readonly #affected = new Map<string, readonly AffectedRecord[]>();
  readonly #coverage = new Map<string, readonly FeedState[]>();
  readonly #groups = new Map<string, VulnerabilityGroup>();
  readonly #facts = new Map<string, VulnerabilityFacts>();

  constructor(base: KnowledgeBase) {
    this.#base = base;
    this.status = base.status;
  }

  affected(ecosystem: string, name: string): readonly AffectedRecord[] {
    return remembered(this.#affected, `${ecosystem}\n${name}`, () => this.#base.affected(ecosystem, name));
  }

  coverage(ecosystem: string): readonly FeedState[] {
    return remembered(this.#coverage, ecosystem, () => this.#base.coverage(ecosystem));
  }

  group(id: string): VulnerabilityGroup {
    return remembered(this.#groups, id, () => this.#base.group(id));
  }

  facts(group: VulnerabilityGroup): VulnerabilityFacts {
    return remembered(this.#facts, group.name, () => this.#base.facts(group));
  }
}

function remembered<T>(answers: Map<string, T>, question: string, ask: () => T): T {
  const known = answers.get(question);
  if (known !== undefined) return known;
  const answer = ask();
  answers.set(question, answer);
  return answer;
}
