export { type BuildOptions, type BuildReport, buildFromRecords, buildVulndb } from "./build.ts";
export { vulndbErrors } from "./errors.ts";
export * from "./feed.ts";
export * from "./feeds.ts";
export * from "./knowledge-base.ts";
export { openVulndb } from "./open-vulndb.ts";
export { type ReadFeedsOptions, readFeeds } from "./read/read-feeds.ts";
export type { FeedDate, ReadItem } from "./read-item.ts";
export { type DbCounts, type DbSummary, dbStatus, type EcosystemCoverage } from "./status.ts";
