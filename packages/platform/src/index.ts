export { platformError, platformErrors } from "./errors.ts";
export { type FaultPoint, onFault } from "./fault.ts";
export { type Actor, demand, nobodyAt, theServer } from "./identity/actor.ts";
export { csrfTokenOf, isCsrfTokenOf } from "./identity/csrf.ts";
export { type Passwords, passwordKeeper } from "./identity/passwords.ts";
export * from "./identity/permissions.ts";
export type { Random } from "./identity/secrets.ts";
export { type Priority, priorityWord } from "./jobs/priorities.ts";
export { isCron, type Schedule } from "./jobs/schedules.ts";
export { startWorkers, type Workers, type WorkersOptions } from "./jobs/start-workers.ts";
export { type ScheduleChoices, usualSchedules } from "./jobs/usual-schedules.ts";
export { type FeedPlaces, type FeedUpdater, feedUpdater } from "./knowledge/feed-updater.ts";
export { followKnowledge } from "./knowledge/follow-knowledge.ts";
export { type ServerKnowledge, serverKnowledge } from "./knowledge/server-knowledge.ts";
export type { FetchSettings } from "./registry/fetch-settings.ts";
export { openOutbound } from "./registry/outbound.ts";
export type { KeyPlace } from "./secrets/open-secret-keys.ts";
export { startSecrets } from "./secrets/start-secrets.ts";
export { knownLayers } from "./services/analysis/known-layers.ts";
export { listAudit } from "./services/audit/list-audit.ts";
export { packageReach, vulnerabilityReach } from "./services/blast-radius/read-blast-radius.ts";
export { askFeedUpdate, listFeedHealth } from "./services/feed/feed-updates.ts";
export {
  readSources,
  readUnscanned,
  readWhereRuns,
  scanUnscanned,
} from "./services/inventory/read-inventory.ts";
export { readParts, receivePart, takeSnapshot } from "./services/inventory/take-snapshot.ts";
export { cancelJobFor, deleteJobFor, retryJobFor } from "./services/job/change-job.ts";
export { followJob, type JobsQuery, listJobs } from "./services/job/read-jobs.ts";
export { type FeedAge, type KnownFeeds, listFeeds } from "./services/knowledge/list-feeds.ts";
export { revisionFlaws, revisionReach, revisionTouches } from "./services/knowledge/revision-reach.ts";
export { type Me, readMe } from "./services/person/read-me.ts";
export {
  type CredentialChange,
  createCredential,
  type NewCredential,
  removeCredential,
  updateCredential,
} from "./services/registry-credential/change-credentials.ts";
export type { CredentialInput } from "./services/registry-credential/credential-input.ts";
export { readCredential, readCredentials } from "./services/registry-credential/read-credentials.ts";
export {
  type CredentialTest,
  testCredential,
  testNewCredential,
} from "./services/registry-credential/test-credential.ts";
export {
  groupResults,
  listPipelineResults,
  listRegistryResults,
  listRuntimeResults,
} from "./services/result/list-results.ts";
export {
  type ComparedResults,
  diffResults,
  type ResultNow,
  readResult,
  readResultNow,
  type ShownResult,
} from "./services/result/read-result.ts";
export { type AskedSbom, readSbom } from "./services/result/read-sbom.ts";
export { createRole, deleteRole, type NewRole, updateRole } from "./services/role/change-role.ts";
export { listRoles, readRole, readStandardRole } from "./services/role/read-roles.ts";
export { type AcceptedScan, acceptOrSubmit, type ScanPreference } from "./services/scan/accept-scan.ts";
export { type ScanAnswer, type SubmittedScan, submitScan } from "./services/scan/submit-scan.ts";
export { requestScan, type ScanRequest } from "./services/scan-now/request-scan.ts";
export { searchAll, searchAssets, searchPackages, searchVulnerabilities } from "./services/search/search.ts";
export {
  createServiceAccount,
  deleteServiceAccount,
  updateServiceAccount,
} from "./services/service-account/change-service-account.ts";
export { listServiceAccounts, readServiceAccount } from "./services/service-account/read-service-accounts.ts";
export type { Services } from "./services/services.ts";
export { changePassword } from "./services/session/change-password.ts";
export { ensureAdministrator, resetPassword, type ToldOnce } from "./services/session/first-person.ts";
export { endOwnSession, ownSessions, signOut, switchTeam } from "./services/session/own-sessions.ts";
export { signIn } from "./services/session/sign-in.ts";
export type { Visitor } from "./services/session/visitor.ts";
export { dropTeamMember, saveTeamMember } from "./services/team/change-members.ts";
export { deleteTeam, makeTeam, updateTeam, type WantedTeam } from "./services/team/change-team.ts";
export { listMembers, listTeams, membersOfTeams, readMember, readTeam } from "./services/team/read-teams.ts";
export { createOwnToken, ownTokens, revokeOwnToken } from "./services/token/own-tokens.ts";
export { deleteUser, renewPassword, updateUser } from "./services/user/change-user.ts";
export { createUser } from "./services/user/create-user.ts";
export { listUserNames, listUsers, readUser } from "./services/user/read-users.ts";
export {
  type ResultVulnerability,
  readResultVulnerability,
  readVulnerability,
  type VulnerabilityDetail,
} from "./services/vulnerability/read-vulnerability.ts";
export { createZone, deleteZone, type NewZone, updateZone } from "./services/zone/change-zone.ts";
export { listZones, readZone } from "./services/zone/read-zones.ts";
export { type AuditEntry, recordAudit } from "./store/audit/record-audit.ts";
export { type BackupHeader, openBackup, restoreBackup } from "./store/backup/restore-backup.ts";
export { type BackupReport, writeBackup } from "./store/backup/write-backup.ts";
export type { BlastRadius } from "./store/blast-radius/blast-radius.ts";
export type { Member } from "./store/identity/members.ts";
export type { OwnToken } from "./store/identity/person-tokens.ts";
export { takeTurn } from "./store/identity/rates.ts";
export type { CustomRole } from "./store/identity/roles.ts";
export type { ServiceAccount } from "./store/identity/service-accounts.ts";
export { actorOfSession, type BegunSession } from "./store/identity/sessions.ts";
export { withSight } from "./store/identity/sight.ts";
export { createTeam, type NewTeam, type Team } from "./store/identity/teams.ts";
export { actorOfToken, createToken, type NewToken, type TokenSent } from "./store/identity/tokens.ts";
export type { User } from "./store/identity/users.ts";
export type { AssetSeen } from "./store/ingest/asset.ts";
export { type Ingested, ingest, type Scan } from "./store/ingest/ingest.ts";
export type { JobState, JobView } from "./store/jobs/job-row.ts";
export { queueDepth } from "./store/jobs/queue-depth.ts";
export { type Rematched, type Revision, recoverCounters, rematch } from "./store/knowledge/rematch.ts";
export { schemaState } from "./store/migrate.ts";
export { type OpenDatabase, openDatabase, openStore, type Store, type StorePlace } from "./store/open-store.ts";
export type { Page, PageQuery } from "./store/paged-rows.ts";
export type { CredentialRow } from "./store/registry-credential/credentials.ts";
export type { Listed } from "./store/results/asset-page.ts";
export { hasResults } from "./store/results/has-results.ts";
export type { LiveQuery, LiveRow } from "./store/results/live-results.ts";
export type { PipelineRow, Totals } from "./store/results/pipeline-results.ts";
export type { KeptResult } from "./store/results/result-documents.ts";
export type { ResultGroups } from "./store/results/result-groups.ts";
export { addPiece, largestUpload, type UploadKey, uploadedBytes } from "./store/uploads/uploads.ts";
export type { Zone } from "./store/zones/zones.ts";
export { readExpressions } from "./zones/read-expressions.ts";
export { flatScopes } from "./zones/zone-scopes.ts";
