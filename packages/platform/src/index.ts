export { platformErrors } from "./errors.ts";
export { type AssetKind, type AssetSeen, assetKeyOf } from "./store/ingest/asset.ts";
export { documentText } from "./store/ingest/document.ts";
export { type Ingested, ingest, type Scan } from "./store/ingest/ingest.ts";
export { type Rematched, type Revision, recoverCounters, rematch } from "./store/knowledge/rematch.ts";
export { openStore, type Store, type StorePlace } from "./store/open-store.ts";
