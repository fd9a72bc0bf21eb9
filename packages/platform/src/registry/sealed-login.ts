import { z } from "zod";
import type { Sealed, SecretKeys } from "../secrets/secret-keys.ts";
import type { CredentialFacts } from "../store/registry-credential/credentials.ts";
import type { CredentialLogin } from "./credential-login.ts";

type Bound = Pick<CredentialFacts, "team" | "registry" | "path" | "skipTls" | "ca"> & { readonly id: number };

const text = z.string();
const login = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["docker", "acr"]), username: text, password: text }),
  z.object({ type: z.literal("gcr"), jsonKey: text }),
  z.object({ type: z.enum(["identity-token", "access-token"]), token: text }),
  z.object({ type: z.literal("ecr"), accessKeyId: text, secretAccessKey: text }),
]);

/** A login sealed for one record: it opens for that team, registry and path alone, and only while nobody loosens its TLS. */
export function sealLogin(keys: SecretKeys, bound: Bound, secret: CredentialLogin): Sealed {
  return keys.seal(JSON.stringify(secret), placeOf(bound));
}

/** Throws SECRETS_KEY_MISSING, SECRET_DAMAGED. */
export function openLogin(
  keys: SecretKeys,
  { sealed, ...bound }: Bound & { readonly sealed: Sealed },
): CredentialLogin {
  return login.parse(JSON.parse(keys.open(sealed, placeOf(bound))));
}

function placeOf({ id, team, registry, path, skipTls, ca }: Bound): string {
  return JSON.stringify(["registry credential", id, team, registry, path, skipTls, ca]);
}
