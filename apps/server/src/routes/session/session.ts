import { passwordChangeRequest, sessionAnswer, signInRequest, switchTeamRequest } from "@plimsoll/contract";
import { changePassword, csrfTokenOf, platformError, signIn, signOut, switchTeam } from "@plimsoll/platform";
import { route } from "../../route.ts";

const path = "/api/session";

export const beginSession = route({
  method: "POST",
  path,
  permission: "nobody",
  summary: "Sign in with user and password; the session is a cookie",
  schemas: { body: signInRequest, answer: sessionAnswer },
  handle: async (services, { body, visit }) => {
    const session = await signIn(services, body, visit);
    visit.keep(session);
    return { csrfToken: csrfTokenOf(session.text), mustChangePassword: session.mustChange };
  },
});

export const readSession = route({
  method: "GET",
  path,
  permission: "signed-in",
  beforeChange: true,
  summary: "The session's csrfToken, for a page that was loaded anew",
  schemas: { answer: sessionAnswer },
  handle: async (_, { actor, visit }) => {
    if (actor.session === null || visit.session === null) throw platformError("SESSION_NEEDED");
    return { csrfToken: csrfTokenOf(visit.session), mustChangePassword: actor.mustChange };
  },
});

export const endThisSession = route({
  method: "DELETE",
  path,
  permission: "signed-in",
  beforeChange: true,
  summary: "Sign out",
  status: 204,
  schemas: {},
  handle: async (services, { actor, visit }) => {
    await signOut(services, actor);
    visit.forget();
    return undefined;
  },
});

export const actForTeam = route({
  method: "PUT",
  path: `${path}/team`,
  permission: "signed-in",
  summary: "Act for another of one's teams in this session",
  status: 204,
  schemas: { body: switchTeamRequest },
  handle: async (services, { actor, body: { team } }) => {
    await switchTeam(services, actor, team);
    return undefined;
  },
});

export const changeOwnPassword = route({
  method: "PUT",
  path: "/api/users/me/password",
  permission: "signed-in",
  beforeChange: true,
  summary: "Change one's own password; every session ends, and a new one begins here",
  schemas: { body: passwordChangeRequest, answer: sessionAnswer },
  handle: async (services, { actor, body, visit }) => {
    const change = { old: body.oldPassword, new: body.newPassword };
    const session = await changePassword(services, actor, { change, visitor: visit });
    visit.keep(session);
    return { csrfToken: csrfTokenOf(session.text), mustChangePassword: false };
  },
});
