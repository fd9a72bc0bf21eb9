import { type Actor, demand } from "../../identity/actor.ts";
import type { Listed } from "../../store/results/asset-page.ts";
import { anyKind, type LiveQuery, type LiveRow, liveResults } from "../../store/results/live-results.ts";
import { packageWanted } from "../../store/search/package-wanted.ts";
import { type AssetFound, someAssets } from "../../store/search/search-assets.ts";
import {
  type FlawFound,
  flawsNamed,
  type NamesPage,
  type NamesQuery,
  type PackageFound,
  packagesNamed,
} from "../../store/search/search-names.ts";
import type { Services } from "../services.ts";
import { nameOfFlaw } from "./name-of-flaw.ts";
import { spellingsOf } from "./spellings.ts";

type Needed = Pick<Services, "db" | "knowledge">;

/** Some of everything that begins like a text, or has it in its name. */
export interface FoundAll {
  readonly vulnerabilities: readonly FlawFound[];
  readonly packages: readonly PackageFound[];
  readonly images: readonly AssetFound[];
  readonly workloads: readonly AssetFound[];
}

const imageKinds = ["registry", "pipeline"];
const workloadKinds = ["workload", "host", "container"];
/** Names looked at for each that is shown: a viewer need not see the first ones. */
const depth = 10;

/** A few of each kind, for a box to type in. Throws FORBIDDEN. */
export async function searchAll(
  services: Needed,
  actor: Actor,
  { text, limit }: { readonly text: string; readonly limit: number },
): Promise<FoundAll> {
  demand(actor, "results.read");
  const { db } = services;
  const query = { limit: limit * depth };
  const [flaws, packages, images, workloads] = await Promise.all([
    flawsNamed(db, actor, { ...query, beginnings: flawBeginnings(services, text) }),
    packagesNamed(db, actor, { ...query, wanted: packageWanted(text) }),
    someAssets(db, actor, { kinds: imageKinds, text, limit }),
    someAssets(db, actor, { kinds: workloadKinds, text, limit }),
  ]);
  return {
    vulnerabilities: flaws.rows.slice(0, limit),
    packages: packages.rows.slice(0, limit),
    images,
    workloads,
  };
}

/** Flaws by any of their ids, or its beginning. Throws FORBIDDEN, BAD_CURSOR; so do the others. */
export async function searchVulnerabilities(
  services: Needed,
  actor: Actor,
  { text, ...query }: NamesQuery & { readonly text: string },
): Promise<NamesPage<FlawFound>> {
  demand(actor, "results.read");
  return flawsNamed(services.db, actor, { ...query, beginnings: flawBeginnings(services, text) });
}

/** Packages by the beginning of their name, by `name@version` or by purl. */
export async function searchPackages(
  { db }: Needed,
  actor: Actor,
  { text, ...query }: NamesQuery & { readonly text: string },
): Promise<NamesPage<PackageFound>> {
  demand(actor, "results.read");
  return packagesNamed(db, actor, { ...query, wanted: packageWanted(text) });
}

/** Whatever was seen anywhere, with what is known of it now; `filter` as in the lists of results. */
export async function searchAssets(services: Needed, actor: Actor, query: LiveQuery): Promise<Listed<LiveRow>> {
  demand(actor, "results.read");
  return liveResults(services.db, actor, { kind: anyKind, query, nameOfFlaw: nameOfFlaw(services) });
}

/** An id that knowledge has under another name begins with that name too. */
function flawBeginnings(services: Needed, text: string): string[] {
  return [...new Set([...spellingsOf(text), nameOfFlaw(services)(text)])];
}
