import type { HttpClient, TlsMaterial } from "@plimsoll/kit";
import type { RegistryLogin } from "@plimsoll/source";
import type { CredentialLogin } from "./credential-login.ts";
import { ecrLogin } from "./ecr-login.ts";

/** How a registry is spoken to; plain data, part of the options of opening a source. */
export interface RegistryAccess {
  readonly credentials?: RegistryLogin;
  readonly registryTls?: TlsMaterial;
  /** http where the registry speaks no https: part of skipping verification. */
  readonly insecureHttp?: boolean;
}

/** A login with how far its registry is trusted. */
export interface Unsealed {
  readonly registry: string;
  readonly login: CredentialLogin;
  readonly skipTls: boolean;
  readonly ca: string | null;
}

/** Throws CLOUD_LOGIN_FAILED and what the HTTP client throws, for logins that a cloud gives for its keys. */
export async function registryAccess(http: HttpClient, unsealed: Unsealed, now: number): Promise<RegistryAccess> {
  const { skipTls, ca } = unsealed;
  const registryTls = { ...(ca !== null && { ca: [ca] }), ...(skipTls && { insecure: true }) };
  return {
    credentials: await loginFor(http, unsealed, now),
    ...((skipTls || ca !== null) && { registryTls }),
    ...(skipTls && { insecureHttp: true }),
  };
}

async function loginFor(http: HttpClient, { registry, login }: Unsealed, now: number): Promise<RegistryLogin> {
  switch (login.type) {
    case "docker":
    case "acr":
      return { user: login.username, password: login.password };
    case "gcr":
      return { user: "_json_key", password: login.jsonKey };
    case "identity-token":
    case "access-token":
      return { kind: login.type, token: login.token };
    case "ecr":
      return ecrLogin(http, { ...login, registry, now });
  }
}
