import { uuidOf } from "@plimsoll/model";

/** Where something was seen. */
export type AssetKind = "pipeline" | "registry" | "workload" | "host" | "container";

/** What a result is about and a team may see. */
export interface AssetSeen {
  readonly kind: AssetKind;
  /** Name shown: pull string, workload or host name. */
  readonly name: string;
  /** Labels that scopes and zones select on: `registry`, `repository`, `cluster`, `namespace`, … */
  readonly scope: Readonly<Record<string, string>>;
  /** Whose upload it is; `null`: everybody's. */
  readonly team: number | null;
}

/** An asset's name in the database: a positive bigint as decimal text, and the whole identity it is cut from. */
export interface AssetKey {
  readonly id: string;
  readonly identity: string;
}

/** Seen again under the same kind, name and scope it is the same asset; a pipeline's also by its image, a host by its name alone. */
export function assetKeyOf({ kind, name, scope, team }: AssetSeen, imageId: string): AssetKey {
  const labels = Object.entries(kind === "host" ? {} : scope).sort(([a], [b]) => (a < b ? -1 : 1));
  const identity = uuidOf(
    "asset",
    kind,
    name,
    JSON.stringify(labels),
    String(team),
    kind === "pipeline" ? imageId : "",
  );
  const first63 = BigInt(`0x${identity.replaceAll("-", "").slice(0, 16)}`) >> 1n;
  return { id: first63.toString(), identity };
}
