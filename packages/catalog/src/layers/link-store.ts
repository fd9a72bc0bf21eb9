import type { Entry } from "@plimsoll/source";
import type { Cataloger } from "../cataloger.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import type { UnreadLink } from "./layer-facts.ts";

/** Hard links of one layer while it is read. */
export interface LinkStore {
  add(link: Entry): void;
  forget(path: string): void;
  list(): UnreadLink[];
}

/**
 * What catalogers found under a file's first name holds for its hard links; a link they want whose body no cataloger
 * looked at is kept for a second pass.
 */
export function linkStore(catalogers: readonly Cataloger[], evidence: EvidenceStore): LinkStore {
  const links = new Map<string, UnreadLink>();
  return {
    add(link) {
      const asFile: Entry = { ...link, type: "file" };
      const wanting = catalogers.filter((cataloger) => cataloger.select(asFile) !== "ignore");
      if (wanting.length === 0) return;
      const target = link.linkTarget ?? "";
      const unread = wanting.map(({ name }) => name).filter((name) => !evidence.share(target, link.path, name));
      if (unread.length === 0) return;
      // A link to a link: the body has the first one's name.
      links.set(link.path, { path: link.path, target: links.get(target)?.target ?? target, catalogers: unread });
    },
    forget: (path) => void links.delete(path),
    list: () => [...links.values()],
  };
}
