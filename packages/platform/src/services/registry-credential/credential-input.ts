import { plainText } from "@plimsoll/kit";
import { platformError } from "../../errors.ts";
import { type CredentialLogin, checkAuthority, checkLogin, usernameOf } from "../../registry/credential-login.ts";
import { credentialPlace } from "../../registry/credential-place.ts";
import type { CredentialFacts } from "../../store/registry-credential/credentials.ts";

/** A registry credential as it is sent in. */
export interface CredentialInput {
  /** Shown; absent: its place. */
  readonly name?: string | undefined;
  /** `HOST[:PORT][/PATH]` */
  readonly registry: string;
  readonly login: CredentialLogin;
  /** No verification of certificates, and http where there is no https. */
  readonly skipTlsVerify: boolean;
  /** PEM of the registry's own authority. */
  readonly caCertificate: string | null;
}

/** What is kept of it besides the secret. Throws CREDENTIAL_INVALID. */
export function factsOf(input: CredentialInput, team: number | null): CredentialFacts {
  const place = credentialPlace(input.registry);
  checkLogin(input.login, place);
  if (input.caCertificate !== null) checkAuthority(input.caCertificate);
  return {
    ...place,
    team,
    name: plainText(input.name ?? placeText(place)),
    type: input.login.type,
    username: plainText(usernameOf(input.login), 300),
    skipTls: input.skipTlsVerify,
    ca: input.caCertificate,
  };
}

/** `HOST[:PORT][/PATH]` */
export function placeText({ registry, path }: Pick<CredentialFacts, "registry" | "path">): string {
  return path === "" ? registry : `${registry}/${path}`;
}

const constraints: Readonly<Record<string, (facts: CredentialFacts) => string>> = {
  registry_credential_name: ({ name }) => `called ${name}`,
  registry_credential_place: (facts) => `for ${placeText(facts)}`,
};

/** The database's refusal of a second one in our words; any other error stays. */
export function conflictOf(error: unknown, facts: CredentialFacts): unknown {
  const constraint = error instanceof Error && "constraint" in error ? String(error.constraint) : "";
  const what = constraints[constraint]?.(facts);
  return what === undefined ? error : platformError("CREDENTIAL_EXISTS", { fields: { what }, cause: error });
}
