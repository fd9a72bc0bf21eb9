/** Standard roles of a team, as the reference names them, weakest first; and the one that only sends scans. */
export const standardRoles = [
  { id: "ROLE_TEAM_SCANNER", label: "Scanner" },
  { id: "ROLE_TEAM_READ", label: "View Only" },
  { id: "ROLE_TEAM_STANDARD", label: "Standard User" },
  { id: "ROLE_TEAM_EDIT", label: "Advanced User" },
  { id: "ROLE_TEAM_MANAGER", label: "Team Manager" },
] as const;
export type StandardRole = (typeof standardRoles)[number]["id"];

/** Everybody who looks. */
const readers = ["ROLE_TEAM_READ", "ROLE_TEAM_STANDARD", "ROLE_TEAM_EDIT", "ROLE_TEAM_MANAGER"] as const;
const users = ["ROLE_TEAM_STANDARD", "ROLE_TEAM_EDIT", "ROLE_TEAM_MANAGER"] as const;
const editors = ["ROLE_TEAM_EDIT", "ROLE_TEAM_MANAGER"] as const;
const managers = ["ROLE_TEAM_MANAGER"] as const;
const nobody = [] as const;

export interface PermissionRow {
  readonly id: string;
  readonly description: string;
  /** Standard roles that have it; an administrator has all. */
  readonly roles: readonly StandardRole[];
  /** What it is useless without: a role that has it gets these too. */
  readonly needs?: readonly string[];
}

/** The one table of permissions: every route names a row, and roles are made of rows. */
export const permissions = [
  {
    id: "scans.send",
    description: "Send scans and get their results",
    roles: ["ROLE_TEAM_SCANNER", ...users],
  },
  {
    id: "scans.trusted",
    description: "Send analyses that other teams' scans may lean on",
    roles: nobody,
    needs: ["scans.send"],
  },
  {
    id: "inventory.send",
    description: "Send what runs where and what registries hold",
    // Managers too: they make the scanners' accounts, and nobody gives more than they have.
    roles: ["ROLE_TEAM_SCANNER", ...managers],
  },
  { id: "results.read", description: "See results, packages, layers and vulnerabilities", roles: readers },
  { id: "results.delete", description: "Delete results", roles: editors, needs: ["results.read"] },
  { id: "scan-now.run", description: "Have images scanned by the server", roles: users, needs: ["results.read"] },
  { id: "credentials.read", description: "See which registry credentials there are", roles: editors },
  { id: "credentials.edit", description: "Change registry credentials", roles: editors, needs: ["credentials.read"] },
  { id: "policies.read", description: "See policies and rule bundles", roles: readers },
  { id: "policies.edit", description: "Change policies and rule bundles", roles: editors, needs: ["policies.read"] },
  { id: "risks.read", description: "See accepted risks", roles: readers },
  { id: "risks.edit", description: "Accept risks", roles: editors, needs: ["risks.read"] },
  { id: "feeds.read", description: "See what is known and how old it is", roles: readers },
  { id: "feeds.edit", description: "Have knowledge updated", roles: nobody, needs: ["feeds.read"] },
  { id: "zones.read", description: "See zones", roles: readers },
  { id: "zones.edit", description: "Change zones", roles: managers, needs: ["zones.read"] },
  { id: "team.read", description: "See the team's members and tokens", roles: managers },
  {
    id: "team.edit",
    description: "Change the team's members and service accounts",
    roles: managers,
    needs: ["team.read"],
  },
  { id: "users.edit", description: "Change users, teams and roles", roles: nobody },
  { id: "jobs.read", description: "See jobs and dead letters", roles: editors },
  { id: "jobs.edit", description: "Retry and cancel jobs", roles: nobody, needs: ["jobs.read"] },
  { id: "audit.read", description: "See who did what", roles: nobody },
  { id: "metrics.read", description: "See what the server measures of itself", roles: nobody },
] as const satisfies readonly PermissionRow[];

export type Permission = (typeof permissions)[number]["id"];

const rows: readonly PermissionRow[] = permissions;

/** Permissions of a standard role. */
export function permissionsOf(role: StandardRole): ReadonlySet<string> {
  return withNeeds(rows.filter(({ roles }) => roles.includes(role)).map(({ id }) => id));
}

/** Permissions of a role by its word (a standard one, `ROLE_ADMIN`), or those a custom one was made of; an unknown word has none. */
export function permissionsOfRole(role: string, custom: readonly string[] | null): ReadonlySet<string> {
  if (custom !== null) return withNeeds(custom);
  if (role === "ROLE_ADMIN") return allPermissions;
  return isStandard(role) ? permissionsOf(role) : new Set();
}

function isStandard(role: string): role is StandardRole {
  return standardRoles.some(({ id }) => id === role);
}

/** Permissions of an administrator: all of them. */
export const allPermissions: ReadonlySet<string> = new Set(rows.map(({ id }) => id));

/** A set of permissions with all they need; unknown ones are left out. */
export function withNeeds(ids: readonly string[]): ReadonlySet<string> {
  const granted = new Set<string>();
  const waiting = [...ids];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined || granted.has(row.id)) continue;
    granted.add(row.id);
    waiting.push(...(row.needs ?? []));
  }
  return granted;
}
