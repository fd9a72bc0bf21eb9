/** A team's role as clients send it: the standard one's word or the custom one's id; absent when neither is there. */
export function sentRole(role: {
  readonly standardTeamRole?: string | null | undefined;
  readonly customTeamRoleId?: number | null | undefined;
}) {
  return role.customTeamRoleId?.toString() ?? role.standardTeamRole ?? undefined;
}

/** A kept role in the two fields of version 1. */
export function roleFields(role: string) {
  const id = customId(role);
  return { standardTeamRole: id === null ? role : null, customTeamRoleId: id };
}

/** A kept role in one field: a custom one by its id. */
export function roleWord(role: string): string {
  return customId(role)?.toString() ?? role;
}

function customId(role: string): number | null {
  const id = /^role:(\d+)$/.exec(role)?.[1];
  return id === undefined ? null : Number(id);
}
