import type { HttpClient } from "@plimsoll/kit";
import type { ImageReference } from "@plimsoll/source";
import type { Services } from "../services/services.ts";
import { credentialFor } from "../store/registry-credential/credentials.ts";
import { type RegistryAccess, registryAccess } from "./registry-access.ts";
import { openLogin } from "./sealed-login.ts";

/** How a team may speak to the registry of an image, and by which credential; `null`: as anybody may. */
export interface TeamAccess {
  readonly credential: string | null;
  /** The credential is the team's own: other teams may not see what it opens. */
  readonly isOwn: boolean;
  readonly access: RegistryAccess;
}

/** Looks for the credential that covers an image, among the team's own and everybody's. Throws SECRETS_KEY_MISSING, SECRET_DAMAGED, CLOUD_LOGIN_FAILED. */
export async function findAccess(
  { pool, secrets, clock }: Services,
  http: HttpClient,
  { team, reference }: { readonly team: number | null; readonly reference: ImageReference },
): Promise<TeamAccess> {
  const { registry, repository } = reference;
  const row = await credentialFor(pool, { team, registry: registry.toLowerCase(), repository });
  if (row === null) return { credential: null, isOwn: false, access: {} };
  const unsealed = { ...row, login: openLogin(secrets, row) };
  return { credential: row.name, isOwn: row.team !== null, access: await registryAccess(http, unsealed, clock()) };
}
