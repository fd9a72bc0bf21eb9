import type { NameOfFlaw } from "../../store/results/component-filter.ts";
import type { Services } from "../services.ts";
import { spellingsOf } from "./spellings.ts";

/** The name under which the store keeps a flaw, by any of its ids in any letters: `ghsa-…` gives its CVE. */
export function nameOfFlaw({ knowledge }: Pick<Services, "knowledge">): NameOfFlaw {
  const { base } = knowledge.current();
  return (id) => {
    const groups = spellingsOf(id).map((spelling) => base.group(spelling));
    const known = groups.find(({ aliases }) => aliases.length > 0);
    return known?.name ?? (/^cve-/i.test(id) ? id.toUpperCase() : id);
  };
}
