import { identityContextAnswer, meAnswer, myPermissionsAnswer } from "@plimsoll/contract";
import { type Actor, type Me, readMe, type Services } from "@plimsoll/platform";
import { route } from "../../route.ts";

/** One organisation per installation (decision 15). */
const customer = { id: 1, name: "Plimsoll", externalId: "plimsoll" };

async function me(services: Services, actor: Actor) {
  const found = await readMe(services, actor);
  const { id, version, username, firstName, lastName } = found?.person ?? serviceAccount(actor);
  return {
    user: {
      id,
      version,
      systemRole: systemRoleOf(found),
      username,
      firstName,
      lastName,
      currentTeam: teamOf(actor),
      customer,
      permissions: [...actor.permissions].sort(),
      teams: [...(found?.teams ?? [])],
      mustChangePassword: actor.mustChange,
    },
  };
}

/** The reference's words. */
function systemRoleOf(found: Me | null) {
  if (found === null) return "ROLE_SERVICE_ACCOUNT" as const;
  return found.person.isAdmin ? ("ROLE_CUSTOMER" as const) : ("ROLE_USER" as const);
}

/** Nobody in person: clients want a number and a name all the same. */
function serviceAccount({ name }: Actor) {
  return { id: 0, version: 1, username: name, firstName: "", lastName: "" };
}

/** Ids of teams begin at 1; who has none acts for team 0, which sees nothing. */
function teamOf({ team }: Actor): number | null {
  return team === 0 ? null : team;
}

const facts = {
  method: "GET",
  permission: "signed-in",
  beforeChange: true,
  summary: "Who asks, for which team, with which permissions and teams",
  schemas: { answer: meAnswer },
} as const;

export const readMeRoute = route({
  ...facts,
  path: "/api/users/me",
  handle: async (services, { actor }) => me(services, actor),
});

/** The older path, which the reference's Python client reads. */
export const readMeOlder = route({
  ...facts,
  path: "/api/user/me",
  handle: async (services, { actor }) => me(services, actor),
});

export const readMyPermissions = route({
  method: "GET",
  path: "/api/users/me/permissions",
  permission: "signed-in",
  summary: "What the asking person or token may do",
  schemas: { answer: myPermissionsAnswer },
  handle: async (_, { actor }) => ({ permissions: [...actor.permissions].sort() }),
});

export const readIdentityContext = route({
  method: "GET",
  path: "/api/identity/context",
  permission: "signed-in",
  summary: "Whom a token or session stands for",
  schemas: { answer: identityContextAnswer },
  handle: async (services, { actor }) => {
    const found = await readMe(services, actor);
    const teamId = teamOf(actor);
    const isPerson = found !== null;
    return {
      identityType: isPerson ? ("USER" as const) : ("SERVICE_ACCOUNT" as const),
      customerId: customer.id,
      teamId,
      teamName: found?.teams.find(({ id }) => id === teamId)?.name ?? null,
      userId: found?.person.id ?? null,
      username: found?.person.username ?? null,
      serviceAccountId: isPerson ? null : Number(actor.id.replace("token:", "")),
      serviceAccountName: isPerson ? null : actor.name,
    };
  },
});
