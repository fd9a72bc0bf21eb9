import type { NameOfFlaw } from "../../store/results/component-filter.ts";
import type { Services } from "../services.ts";

/** The name under which the store keeps a flaw, by any of its ids in any letters: `ghsa-…` gives its CVE. */
export function nameOfFlaw({ knowledge }: Pick<Services, "knowledge">): NameOfFlaw {
  const { base } = knowledge.current();
  return (id) => {
    const spelled = [id, id.toUpperCase(), id.replace(/^ghsa/i, "GHSA").toLowerCase().replace(/^ghsa/, "GHSA")];
    const known = spelled
      .map((text) => base.group(text))
      .find(({ name, aliases }) => aliases.length > 0 && name !== "");
    return known?.name ?? (/^cve-/i.test(id) ? id.toUpperCase() : id);
  };
}
