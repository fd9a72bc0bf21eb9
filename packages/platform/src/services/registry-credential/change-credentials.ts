import type { PoolClient } from "pg";
import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import type { CredentialLogin } from "../../registry/credential-login.ts";
import { openLogin, sealLogin } from "../../registry/sealed-login.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import {
  type CredentialFacts,
  type CredentialRow,
  deleteCredential,
  lockCredential,
  nextCredentialId,
  putCredential,
  type SealedCredential,
} from "../../store/registry-credential/credentials.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";
import { type CredentialInput, conflictOf, factsOf, placeText } from "./credential-input.ts";

export interface NewCredential extends CredentialInput {
  /** Whose it is; `null`: every team's, for who acts for the whole installation. Absent: the actor's team. */
  readonly teamId?: number | null | undefined;
}

/** Keeps a credential, its secret sealed. Throws FORBIDDEN, CREDENTIAL_INVALID, CREDENTIAL_EXISTS, CREDENTIAL_SHARED. */
export async function createCredential(services: Services, actor: Actor, made: NewCredential): Promise<CredentialRow> {
  demand(actor, "credentials.edit");
  const team = made.teamId === undefined ? actor.team : made.teamId;
  if (actor.team !== null && team !== actor.team) throw platformError("CREDENTIAL_SHARED");
  const facts = factsOf(made, team);
  return changing(services, facts, async (client) => {
    const id = await nextCredentialId(client);
    return put(services, actor, { client, id, facts, login: made.login, action: "create", detail: {} });
  });
}

/** What is to be otherwise; what is absent stays. */
export interface CredentialChange {
  readonly name?: string | undefined;
  readonly registry?: string | undefined;
  readonly login?: CredentialLogin | undefined;
  readonly skipTlsVerify?: boolean | undefined;
  readonly caCertificate?: string | null | undefined;
}

/**
 * Changes a credential. Its secret must be told again where it would go to another host than before, or over a
 * connection that is checked less: who may edit, but does not know it, must not be able to have it sent to them. Throws
 * FORBIDDEN, NOT_FOUND, CREDENTIAL_SHARED, CREDENTIAL_INVALID, CREDENTIAL_EXISTS, SECRETS_KEY_MISSING, SECRET_DAMAGED.
 */
export async function updateCredential(
  services: Services,
  actor: Actor,
  { id, change }: { readonly id: number; readonly change: CredentialChange },
): Promise<CredentialRow> {
  demand(actor, "credentials.edit");
  return inTransaction(services.pool, async (client) => {
    const before = await own(client, actor, id);
    const login = change.login ?? openLogin(services.secrets, before);
    const facts = factsOf(
      {
        name: change.name ?? before.name,
        registry: change.registry ?? placeText(before),
        login,
        skipTlsVerify: change.skipTlsVerify ?? before.skipTls,
        caCertificate: change.caCertificate === undefined ? before.ca : change.caCertificate,
      },
      before.team,
    );
    if (change.login === undefined) demandSecret(before, facts);
    const detail = { changed: changedFields(before, facts, change) };
    return put(services, actor, { client, id, facts, login, action: "update", detail }).catch((error: unknown) => {
      throw conflictOf(error, facts);
    });
  });
}

/** Forgets a credential. Throws FORBIDDEN, NOT_FOUND, CREDENTIAL_SHARED. */
export async function removeCredential({ pool, clock }: Services, actor: Actor, id: number): Promise<void> {
  demand(actor, "credentials.edit");
  await inTransaction(pool, async (client) => {
    const { name, ...row } = await own(client, actor, id);
    await deleteCredential(client, id);
    const detail = { name, place: placeText(row), team: row.team };
    await recordAudit(client, actor, {
      action: "registry-credential.delete",
      subject: subjectOf(id),
      detail,
      at: clock(),
    });
  });
}

async function own(client: PoolClient, actor: Actor, id: number): Promise<SealedCredential> {
  const row = await lockCredential(client, { id, team: actor.team });
  if (row === null) throw platformError("NOT_FOUND", { fields: { what: "registry credential" } });
  if (actor.team !== null && row.team === null) throw platformError("CREDENTIAL_SHARED");
  return row;
}

function demandSecret(before: CredentialFacts, after: CredentialFacts): void {
  const isElsewhere = before.registry !== after.registry;
  const isLooser = (after.skipTls && !before.skipTls) || (after.ca !== null && after.ca !== before.ca);
  if (!isElsewhere && !isLooser) return;
  const why = `its secret must be entered again for ${isElsewhere ? "another registry" : "a connection that trusts more"}`;
  throw platformError("CREDENTIAL_INVALID", { fields: { why } });
}

function changedFields(before: CredentialFacts, after: CredentialFacts, { login }: CredentialChange): string[] {
  const names = ["name", "registry", "path", "type", "username", "skipTls", "ca"] as const;
  return [...names.filter((name) => before[name] !== after[name]), ...(login === undefined ? [] : ["secret"])];
}

async function changing<T>(
  { pool }: Services,
  facts: CredentialFacts,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, work).catch((error: unknown) => {
    throw conflictOf(error, facts);
  });
}

interface Put {
  readonly client: PoolClient;
  readonly id: number;
  readonly facts: CredentialFacts;
  readonly login: CredentialLogin;
  readonly action: "create" | "update";
  readonly detail: Readonly<Record<string, unknown>>;
}

async function put({ secrets, clock }: Services, actor: Actor, put: Put): Promise<CredentialRow> {
  const { client, id, facts, login } = put;
  const at = clock();
  const sealed = sealLogin(secrets, { ...facts, id }, login);
  const row = await putCredential(client, { ...facts, id, sealed }, { by: actor.id, at });
  if (row === null) throw platformError("NOT_FOUND", { fields: { what: "registry credential" } });
  const { name, team, type, skipTls } = facts;
  const detail = { name, place: placeText(facts), team, type, skipTls, ...put.detail };
  await recordAudit(client, actor, { action: `registry-credential.${put.action}`, subject: subjectOf(id), detail, at });
  return row;
}

function subjectOf(id: number): string {
  return `registry-credential:${id}`;
}
