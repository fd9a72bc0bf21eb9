import type { Finding } from "@plimsoll/model";
import type { VulnerabilityFacts } from "@plimsoll/vulndb";
import { dayText } from "../moment.ts";
import type { Providers } from "./headline.ts";

/** The year CVE numbering began: no flaw we name is older, and an age rule must not miss a flaw whose date nobody gives. */
const beginning = "1999-01-01";

/**
 * When a flaw became public (decision 6): NVD's date; else the earliest that any source gives; else the start of the
 * year in its id, marked as estimated. `ids` are the flaw's names, best first. YYYY-MM-DD (UTC).
 */
export function disclosedOn(
  ids: readonly string[],
  providers: Providers,
  facts: Pick<VulnerabilityFacts, "kev" | "exploits">,
): Finding["disclosed"] {
  const published = readDates([providers.nvd?.published]);
  const anyone = readDates(Object.values(providers).map((view) => view.published));
  const use = readDates([facts.kev?.added, ...facts.exploits.map((exploit) => exploit.published)]);
  const date = published[0] ?? anyone[0] ?? use[0];
  if (date !== undefined) return { date, estimated: false };
  const year = ids.flatMap((id) => /-((?:19|20)\d\d)-/.exec(id)?.[1] ?? [])[0];
  return { date: year === undefined ? beginning : `${year}-01-01`, estimated: true };
}

function readDates(texts: readonly (string | undefined)[]): string[] {
  return texts.flatMap((text) => dayText(text) ?? []).sort();
}
