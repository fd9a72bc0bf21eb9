import type { Route } from "./route.ts";
import { auditEvents } from "./routes/audit/list-audit.ts";
import { knowledgeReach, packageBlastRadius, vulnerabilityBlastRadius } from "./routes/blast-radius/blast-radius.ts";
import { feedHealth, updateFeedsNow } from "./routes/feed/updates.ts";
import { sources, unscanned, unscannedScan, whereRuns } from "./routes/inventory/reading.ts";
import { snapshot, snapshotPart, snapshotParts } from "./routes/inventory/snapshots.ts";
import { cancelJobRoute, deleteJobRoute, listJobsRoute, readJobRoute, retryJobRoute } from "./routes/job/jobs.ts";
import { feeds, feedsOlder } from "./routes/knowledge/feeds.ts";
import { laterRoutes } from "./routes/later.ts";
import { readIdentityContext, readMeOlder, readMeRoute, readMyPermissions } from "./routes/me/me.ts";
import {
  createAnchoreRegistry,
  deleteAnchoreRegistry,
  listAnchoreRegistries,
  readAnchoreRegistry,
  updateAnchoreRegistry,
} from "./routes/registry-credential/anchore-registries.ts";
import {
  createRegistryCredential,
  deleteRegistryCredential,
  listRegistryCredentials,
  readRegistryCredential,
  testNewRegistryCredential,
  testRegistryCredential,
  updateRegistryCredential,
} from "./routes/registry-credential/registry-credentials.ts";
import { resultDifference, resultNow } from "./routes/result/compare-results.ts";
import { fullResult, fullResultBeta } from "./routes/result/full-result.ts";
import { registryResults, runtimeResults } from "./routes/result/live-results.ts";
import { pipelineResults, pipelineResultsBeta } from "./routes/result/pipeline-results.ts";
import { recommendations } from "./routes/result/recommendations.ts";
import { pipelineResultsFile, registryResultsFile, runtimeResultsFile } from "./routes/result/result-files.ts";
import { resultGroups } from "./routes/result/result-groups.ts";
import { sboms } from "./routes/result/sbom.ts";
import { listPermissionDependencies, listPermissions, readStandardRoleRoute } from "./routes/role/permissions.ts";
import {
  createRoleOlder,
  createRoleV1,
  deleteRoleOlder,
  deleteRoleV1,
  listRolesOlder,
  listRolesV1,
  readRoleOlder,
  readRoleV1,
  updateRoleOlder,
  updateRoleV1,
} from "./routes/role/roles.ts";
import { knownLayers } from "./routes/scan/known-layers.ts";
import { submit } from "./routes/scan/submit.ts";
import { uploadPiece, uploadProgress } from "./routes/scan/uploads.ts";
import { scanNow } from "./routes/scan-now/scan-now.ts";
import { assetSearch, packageSearch, search, vulnerabilitySearch } from "./routes/search/search.ts";
import {
  createGlobalServiceAccount,
  deleteGlobalServiceAccount,
  listGlobalServiceAccounts,
  readGlobalServiceAccount,
} from "./routes/service-account/global-accounts.ts";
import {
  createServiceAccountOlder,
  deleteServiceAccountOlder,
  listServiceAccountsOlder,
  readServiceAccountOlder,
  updateServiceAccountOlder,
} from "./routes/service-account/older-accounts.ts";
import {
  createTeamServiceAccount,
  deleteTeamServiceAccount,
  listTeamServiceAccounts,
  readTeamServiceAccount,
} from "./routes/service-account/team-accounts.ts";
import { actForTeam, beginSession, changeOwnPassword, endThisSession, readSession } from "./routes/session/session.ts";
import { endSessionById, listSessions } from "./routes/session/sessions.ts";
import { dropTeamUser, listTeamUsers, readTeamUser, saveTeamUser } from "./routes/team/members.ts";
import {
  createTeamOlder,
  deleteTeamOlder,
  listTeamsOlder,
  readTeamByName,
  readTeamOlder,
  updateTeamOlder,
} from "./routes/team/teams-older.ts";
import { createTeamV1, deleteTeamV1, listTeamsV1, readTeamV1, updateTeamV1 } from "./routes/team/teams-v1.ts";
import { createOwnTokenRoute, listOwnTokens, readAskingToken, revokeOwnTokenRoute } from "./routes/token/own-tokens.ts";
import {
  deleteUserOlder,
  inviteUser,
  listUserNamesRoute,
  listUsersOlder,
  provisionUser,
  readUserOlder,
  updateUserOlder,
} from "./routes/user/users-older.ts";
import {
  createUserRouteV1,
  deleteUserRouteV1,
  listUsersV1,
  readUserV1,
  renewPasswordRoute,
  updateUserRouteV1,
} from "./routes/user/users-v1.ts";
import { resultVulnerability, vulnerability, vulnerabilityOlder } from "./routes/vulnerability/vulnerability.ts";
import { createZoneV1, deleteZoneV1, updateZoneV1, zonesV1, zoneV1 } from "./routes/zone/zones-v1.ts";
import { createZoneV2, deleteZoneV2, updateZoneV2, zonesV2, zoneV2 } from "./routes/zone/zones-v2.ts";

/** Every endpoint: the only file that knows all of them. */
export const routes: readonly Route[] = [
  uploadPiece,
  uploadProgress,
  knownLayers,
  submit,
  pipelineResults,
  registryResults,
  runtimeResults,
  pipelineResultsFile,
  registryResultsFile,
  runtimeResultsFile,
  resultGroups,
  fullResult,
  pipelineResultsBeta,
  fullResultBeta,
  resultNow,
  resultDifference,
  recommendations,
  sboms,
  vulnerability,
  resultVulnerability,
  vulnerabilityOlder,
  feeds,
  feedsOlder,
  beginSession,
  readSession,
  endThisSession,
  actForTeam,
  changeOwnPassword,
  listSessions,
  endSessionById,
  readMeRoute,
  readMeOlder,
  readMyPermissions,
  readIdentityContext,
  listOwnTokens,
  createOwnTokenRoute,
  revokeOwnTokenRoute,
  readAskingToken,
  auditEvents,
  listJobsRoute,
  readJobRoute,
  cancelJobRoute,
  retryJobRoute,
  deleteJobRoute,
  feedHealth,
  updateFeedsNow,
  listPermissionDependencies,
  listPermissions,
  readStandardRoleRoute,
  createRoleOlder,
  createRoleV1,
  deleteRoleOlder,
  deleteRoleV1,
  listRolesOlder,
  listRolesV1,
  readRoleOlder,
  readRoleV1,
  updateRoleOlder,
  updateRoleV1,
  createGlobalServiceAccount,
  deleteGlobalServiceAccount,
  listGlobalServiceAccounts,
  readGlobalServiceAccount,
  createServiceAccountOlder,
  deleteServiceAccountOlder,
  listServiceAccountsOlder,
  readServiceAccountOlder,
  updateServiceAccountOlder,
  createTeamServiceAccount,
  deleteTeamServiceAccount,
  listTeamServiceAccounts,
  readTeamServiceAccount,
  dropTeamUser,
  listTeamUsers,
  readTeamUser,
  saveTeamUser,
  createTeamOlder,
  deleteTeamOlder,
  listTeamsOlder,
  readTeamByName,
  readTeamOlder,
  updateTeamOlder,
  createTeamV1,
  deleteTeamV1,
  listTeamsV1,
  readTeamV1,
  updateTeamV1,
  deleteUserOlder,
  inviteUser,
  listUserNamesRoute,
  listUsersOlder,
  provisionUser,
  readUserOlder,
  updateUserOlder,
  createUserRouteV1,
  deleteUserRouteV1,
  listUsersV1,
  readUserV1,
  renewPasswordRoute,
  updateUserRouteV1,
  zonesV1,
  zoneV1,
  createZoneV1,
  updateZoneV1,
  deleteZoneV1,
  zonesV2,
  zoneV2,
  createZoneV2,
  updateZoneV2,
  deleteZoneV2,
  listRegistryCredentials,
  readRegistryCredential,
  createRegistryCredential,
  updateRegistryCredential,
  deleteRegistryCredential,
  testRegistryCredential,
  testNewRegistryCredential,
  listAnchoreRegistries,
  readAnchoreRegistry,
  createAnchoreRegistry,
  updateAnchoreRegistry,
  deleteAnchoreRegistry,
  snapshotPart,
  snapshotParts,
  snapshot,
  sources,
  whereRuns,
  unscanned,
  unscannedScan,
  ...laterRoutes,
  scanNow,
  search,
  vulnerabilitySearch,
  packageSearch,
  assetSearch,
  vulnerabilityBlastRadius,
  packageBlastRadius,
  knowledgeReach,
];
