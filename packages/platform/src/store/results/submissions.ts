import type { Report } from "@plimsoll/model";
import { type Kysely, sql } from "kysely";
import { documentText } from "../ingest/document.ts";
import type { Tables } from "../tables.ts";

/** A scan by the name that its sender gave it. */
export interface SubmissionKey {
  /** Actor id. */
  readonly actor: string;
  /** UUID. */
  readonly key: string;
}

/** What a scan was answered when it was sent before; `null`: it was not, or its result is gone. */
export async function answerBefore(
  db: Kysely<Tables>,
  { actor, key }: SubmissionKey,
): Promise<{ readonly resultId: string; readonly report: Report } | null> {
  const { rows } = await sql<{ resultId: string; sbom: Buffer; report: Buffer }>`
    select encode(r.id, 'hex') as "resultId", s.bytes as sbom, d.bytes as report
    from scan_submission x
    join result r on r.id = x.result_id
      and r.asset_id = ('x' || left(encode(x.result_id, 'hex'), 16))::bit(64)::bigint
    join blob s on s.sha256 = r.sbom join blob d on d.sha256 = r.report
    where x.actor = ${actor} and x.key = ${key}::uuid`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const [sbom, report] = await Promise.all([documentText(row.sbom), documentText(row.report)]);
  return { resultId: row.resultId, report: { sbom: JSON.parse(sbom), ...JSON.parse(report) } };
}
