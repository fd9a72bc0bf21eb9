import type { ColumnType, Generated } from "kysely";

/** bigint that leaves SQL as text (row numbers of assets go beyond 2^53). */
type BigText = ColumnType<string, string, string>;
type Time = ColumnType<Date, string, string>;

interface Counters {
  critical: number;
  high: number;
  medium: number;
  low: number;
  negligible: number;
  unknown: number;
}

/** The tables as queries see them; what they are is in the migrations. */
export interface Tables {
  asset: {
    id: BigText;
    kind: string;
    name: string;
    image_id: number;
    team_id: number | null;
    audience: Generated<number>;
    scope: Readonly<Record<string, string>>;
    created_at: Time;
    updated_at: Time;
  };
  image: { id: Generated<number>; image_id: Buffer; set_id: number; top_chain: Buffer | null };
  image_counter: Counters & { image_id: number; exploitable: number; fixable: number };
  result: Counters & {
    asset_id: BigText;
    id: Buffer;
    created_at: Time;
    sbom: Buffer;
    report: Buffer;
    knowledge_seq: number;
    policy: string;
  };
  verdict: {
    asset_id: BigText;
    result_id: Buffer;
    status: string;
    complete: boolean;
    evaluated_at: Time;
    valid_until: Time | null;
  };
  blob: { sha256: Buffer; media_type: string; bytes: Buffer };
}
