import { presentFindings } from "@plimsoll/evaluate";
import { digestOf, type Report, type Severity, uuidOf } from "@plimsoll/model";
import type { Pool } from "pg";
import { policyWord } from "../policy-word.ts";
import { type AssetSeen, assetKeyOf } from "./asset.ts";
import { type Component, componentsOf } from "./component.ts";
import { type ComponentMatch, isExploitable, isFixable, matchesOf } from "./component-matches.ts";
import { type StoredDocument, storedDocument } from "./document.ts";
import { jsonForStore } from "./json-for-store.ts";
import { type PackageSets, packageSets, type SetStep } from "./package-sets.ts";
import type { RecentKeys } from "./recent-keys.ts";

export interface Scan {
  readonly report: Report;
  readonly asset: AssetSeen;
  /** Revision of the store's knowledge that the report was made with. */
  readonly seq: number;
  /** Who sent it, by what name and from where: for the audit. */
  readonly actor: string;
  readonly actorName?: string;
  readonly address?: string | null;
  /** Whose word its analysis is (identity/trust.ts); absent: it serves this scan alone. */
  readonly scope?: number;
  /** The sender's own key of this scan: sent again under it, it is not done again. */
  readonly key?: string;
  /** Of what policies and acceptances were when it was judged. */
  readonly policyRevision?: string;
  readonly acceptanceRevision?: string;
  /** Components that this process has seen in the store; it is told those that this scan has put there. */
  readonly stored?: RecentKeys;
}

/** `stale`: the store's knowledge has moved on; evaluate again and come back. `repeated`: its key was used before. */
export type Ingested =
  | { readonly outcome: "stored"; readonly resultId: string; readonly assetId: string }
  | { readonly outcome: "stale" | "repeated" };

/**
 * Puts a scan into the store in one transaction: packages interned, counters right at its commit, SBOM and report as
 * they are. The same scan again changes nothing. Throws what the database throws.
 */
export async function ingest(pool: Pool, scan: Scan): Promise<Ingested> {
  const prepared = await prepare(scan);
  const known = await knownSets(pool, prepared.sets.path);
  try {
    return await send(pool, prepared, { sets: known, stored: scan.stored });
  } catch (error) {
    // A set went with the garbage between the question and the answer, or this is another store than it was.
    if (!isMissing(error)) throw error;
    return send(pool, prepared, { sets: new Set(), stored: undefined });
  }
}

interface Prepared {
  readonly scan: Scan;
  readonly components: ReadonlyMap<string, Component>;
  readonly matches: ReadonlyMap<string, readonly ComponentMatch[]>;
  readonly sets: PackageSets;
  readonly documents: readonly [sbom: StoredDocument, report: StoredDocument];
  readonly imageId: string;
}

async function prepare(scan: Scan): Promise<Prepared> {
  const { sbom, ...judged } = scan.report;
  const components = componentsOf(sbom);
  const sets = packageSets(sbom, components);
  const documents = await Promise.all([
    storedDocument("application/vnd.plimsoll.sbom+json", sbom),
    storedDocument("application/vnd.plimsoll.report+json", judged),
  ]);
  const tree = digestOf(JSON.stringify([sbom.source.kind, sbom.source.name, sets.path.at(-1)?.key]));
  return {
    scan,
    components,
    matches: matchesOf(components, scan.report.findings),
    sets,
    documents,
    imageId: hexOf(sbom.image?.imageId ?? tree),
  };
}

async function knownSets(pool: Pool, path: readonly SetStep[]): Promise<ReadonlySet<string>> {
  const keys = path.map(({ key }) => key);
  const { rows } = await pool.query<{ key: string }>({
    name: "known-sets",
    text: "select content_key as key from package_set where content_key = any ($1::uuid[])",
    values: [keys],
  });
  return new Set(rows.map(({ key }) => key));
}

/** What need not be sent. */
interface Known {
  readonly sets: ReadonlySet<string>;
  readonly stored: RecentKeys | undefined;
}

async function send(pool: Pool, prepared: Prepared, known: Known): Promise<Ingested> {
  const { documents } = prepared;
  const asset = assetKeyOf(prepared.scan.asset, prepared.imageId);
  const result = resultOf(prepared, asset.id);
  const unknown = unknownComponents(prepared, known);
  const payload = {
    ...contents(prepared, known, unknown),
    image: imageRow(prepared),
    key: prepared.scan.key ?? null,
    origin: originOf(prepared.scan),
    asset: { ...assetRow(prepared), ...asset },
    result,
  };
  const { rows } = await pool.query<{ outcome: Ingested["outcome"] }>({
    name: "ingest",
    text: "select ingest($1, $2, $3, $4) as outcome",
    values: [
      jsonForStore(payload),
      documents.map(({ sha256 }) => Buffer.from(sha256, "hex")),
      documents.map(({ mediaType }) => mediaType),
      documents.map(({ bytes }) => bytes),
    ],
  });
  const outcome = rows[0]?.outcome ?? "stale";
  if (outcome !== "stored") return { outcome };
  prepared.scan.stored?.add(unknown);
  return { outcome: "stored", resultId: result.id, assetId: result.id.slice(0, 16) };
}

/** Keys of components of the sets that the store does not know yet, but for those that are known to be in it. */
function unknownComponents({ sets }: Prepared, known: Known): string[] {
  const wanted = new Set(sets.path.flatMap(({ key, edges }) => (known.sets.has(key) ? [] : [...edges.keys()])));
  return [...wanted].filter((key) => known.stored?.has(key) !== true);
}

function contents({ scan, components, matches, sets }: Prepared, known: Known, unknown: readonly string[]): object {
  const byKey = new Map([...components.values()].map((component) => [component.key, component]));
  return {
    seq: scan.seq,
    components: unknown.map((key) => byKey.get(key)),
    matches: unknown.flatMap((key) => (matches.get(key) ?? []).map((match) => ({ component: key, ...match }))),
    path: sets.path.map(({ key, edges }) => ({
      key,
      ...(!known.sets.has(key) && { edges: [...edges].map(([component, n]) => ({ component, n })) }),
    })),
  };
}

function imageRow({ scan, sets, imageId }: Prepared): object {
  const { image } = scan.report.sbom;
  let diffs = 0;
  const layers = (image?.layers ?? []).map(({ index, command, diffId, chainId, digest, size }) => ({
    position: index,
    command,
    size,
    chain: hexOrNull(chainId),
    diff: hexOrNull(diffId),
    digest: hexOrNull(digest),
    set: diffId === null ? null : (sets.ofLayers[diffs++] ?? null),
  }));
  const said = layers.map(({ position, command, chain, diff, set }) => [position, command, chain, diff, set]);
  const { os = "", architecture = "", created = null } = image ?? {};
  return {
    imageId,
    digest: hexOrNull(image?.digest ?? null),
    // All that the analysis says of it, sizes and blobs apart: they differ from transport to transport.
    key: uuidOf("image", JSON.stringify([imageId, sets.path.at(-1)?.key, os, architecture, created, said])),
    scope: scan.scope ?? null,
    os,
    architecture,
    size: image?.size ?? 0,
    created,
    topChain: layers.findLast(({ chain }) => chain !== null)?.chain ?? null,
    layers,
  };
}

function originOf({ report, policyRevision = "", acceptanceRevision = "" }: Scan): object {
  return { knowledge: report.knowledge.revision, policies: policyRevision, acceptances: acceptanceRevision };
}

function assetRow({ scan: { asset, report } }: Prepared): object {
  return { kind: asset.kind, name: asset.name, scope: asset.scope, team: asset.team, at: report.evaluatedAt };
}

function resultOf({ scan, documents: [sbom, report] }: Prepared, assetId: string) {
  const { verdict, evaluatedAt } = scan.report;
  const asset = BigInt(assetId).toString(16).padStart(16, "0");
  const content = hexOf(digestOf(`${sbom.sha256} ${report.sha256}`)).slice(0, 16);
  return {
    id: `${asset}${content}`,
    at: evaluatedAt,
    sbom: sbom.sha256,
    report: report.sha256,
    status: policyWord(scan.report),
    complete: verdict.complete,
    validUntil: verdict.validUntil,
    policy: policyWord(scan.report),
    counts: countsOf(scan.report),
    actor: scan.actor,
    actorName: scan.actorName,
    address: scan.address,
  };
}

/** Present packages alone count. */
function countsOf(report: Report): Record<Severity | "exploitable" | "fixable", number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0, exploitable: 0, fixable: 0 };
  for (const finding of presentFindings(report)) {
    counts[finding.severity] += 1;
    if (isExploitable(finding)) counts.exploitable += 1;
    if (isFixable(finding)) counts.fixable += 1;
  }
  return counts;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.message === "SET_UNKNOWN" || error.message === "COMPONENT_UNKNOWN");
}

function hexOrNull(digest: string | null): string | null {
  return digest === null ? null : hexOf(digest);
}

function hexOf(digest: string): string {
  return digest.slice("sha256:".length);
}
