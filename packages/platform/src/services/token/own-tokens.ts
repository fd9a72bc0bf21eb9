import type { PoolClient } from "pg";
import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { permissionsOfRole, standardRoles } from "../../identity/permissions.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { teamsOf } from "../../store/identity/people.ts";
import { customPermissions, dropToken, type OwnToken, tokensOf } from "../../store/identity/person-tokens.ts";
import { createToken } from "../../store/identity/tokens.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";
import { type SignedIn, signedIn } from "../session/visitor.ts";

/** What somebody wants a token for. */
export interface WantedToken {
  readonly name: string;
  /** One of one's own teams; `null`: the whole installation, for administrators; absent: the one acted for. */
  readonly team?: number | null | undefined;
  /** Absent: one's own role there. */
  readonly role?: string | undefined;
  /** RFC 3339. */
  readonly expiresAt: string;
}

const mostTokens = 100;
const longestLifeMs = 366 * 24 * 3600_000;

/**
 * Makes a token of one's own, for one team and a role that can do no more than one can there. Its text is told here and
 * never again. Throws SESSION_NEEDED, NOT_FOUND (the team), BAD_ROLE, BAD_EXPIRY, TOO_MANY_TOKENS.
 */
export async function createOwnToken(
  { pool, random, clock }: Services,
  actor: Actor,
  wanted: WantedToken,
): Promise<{ readonly token: OwnToken; readonly text: string }> {
  const self = signedIn(actor);
  const now = clock();
  const life = Date.parse(wanted.expiresAt) - now;
  if (!(life > 0 && life <= longestLifeMs)) throw platformError("BAD_EXPIRY", { fields: { days: 366 } });
  return inTransaction(pool, async (client) => {
    await client.query("select from person where id = $1 for update", [self.person]);
    if ((await tokensOf(client, self.person)).length >= mostTokens) {
      throw platformError("TOO_MANY_TOKENS", { fields: { limit: mostTokens } });
    }
    const { team, role } = await grantOf(client, self, wanted);
    const { name, expiresAt } = wanted;
    const { id, text } = await createToken(
      client,
      { name, person: self.person, team, role, expiresAt },
      { random, now },
    );
    const detail = { name, team, role, expiresAt };
    await recordAudit(client, actor, { action: "token.create", subject: `token:${id}`, detail, at: now });
    const token = { id, name, team, role, createdAt: new Date(now), expiresAt: new Date(expiresAt), usedAt: null };
    return { token, text };
  });
}

/** For which team and as what, if its owner may. */
async function grantOf(client: PoolClient, { person, isAdmin, team: acting }: SignedIn, wanted: WantedToken) {
  const team = wanted.team === undefined ? acting : wanted.team;
  const own = team === null ? undefined : (await teamsOf(client, person)).find(({ id }) => id === team);
  if (own === undefined && !(team === null && isAdmin)) throw platformError("NOT_FOUND", { fields: { what: "team" } });
  const ownRole = own?.role ?? "ROLE_ADMIN";
  const role = wanted.role ?? ownRole;
  const [granted, held] = [await permissionsIn(client, role), await permissionsIn(client, ownRole)];
  const isRole = role === "ROLE_ADMIN" || standardRoles.some(({ id }) => id === role) || role.startsWith("role:");
  if (
    !isRole ||
    granted === null ||
    held === null ||
    !granted.isSubsetOf(held) ||
    (role === "ROLE_ADMIN" && !isAdmin)
  ) {
    throw platformError("BAD_ROLE", { fields: { role } });
  }
  return { team, role };
}

async function permissionsIn(client: PoolClient, role: string): Promise<ReadonlySet<string> | null> {
  if (!role.startsWith("role:")) return permissionsOfRole(role, null);
  const custom = await customPermissions(client, role);
  return custom === null ? null : permissionsOfRole(role, custom);
}

/** One's own tokens, without their texts. Throws SESSION_NEEDED. */
export async function ownTokens({ pool }: Services, actor: Actor): Promise<readonly OwnToken[]> {
  return tokensOf(pool, signedIn(actor).person);
}

/** Revokes one of one's own tokens, at once. Throws SESSION_NEEDED, NOT_FOUND. */
export async function revokeOwnToken({ pool, clock }: Services, actor: Actor, id: number): Promise<void> {
  const { person } = signedIn(actor);
  await inTransaction(pool, async (client) => {
    const name = await dropToken(client, person, id);
    if (name === null) throw platformError("NOT_FOUND", { fields: { what: "token" } });
    await recordAudit(client, actor, { action: "token.delete", subject: `token:${id}`, detail: { name }, at: clock() });
  });
}
