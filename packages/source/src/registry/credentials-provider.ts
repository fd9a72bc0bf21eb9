import { type Log, PlimsollError } from "@plimsoll/kit";
import type { HelperEnvironment } from "./credential-helper.ts";
import type { Credentials, CredentialsAnswer, RegistryLogin } from "./credentials.ts";
import { credentialsFor, readDockerConfig } from "./docker-config.ts";

export interface CredentialSources {
  readonly registryCredentials: RegistryLogin | null;
  readonly dockerConfigPath: string | null;
  readonly helperEnvironment: HelperEnvironment;
  readonly log: Log;
}

/**
 * Where credentials come from: given ones first (for the registry itself, never for a mirror), then docker's
 * configuration and its helpers. A broken configuration or helper counts as none and is warned of: many images need no
 * credentials, and for the others the registry's refusal follows and says it.
 */
export function credentialsProvider(
  sources: CredentialSources,
): (place: { readonly registry: string; readonly isMirror: boolean }) => Promise<CredentialsAnswer> {
  const { registryCredentials, dockerConfigPath, helperEnvironment, log } = sources;
  return async ({ registry, isMirror }) => {
    if (registryCredentials !== null && !isMirror) return found(credentialsOf(registryCredentials));
    if (dockerConfigPath === null) return found(null);
    try {
      return found(await credentialsFor(registry, await readDockerConfig(dockerConfigPath), helperEnvironment));
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      log.warn("no credentials could be read", { registry, code: error.code, reason: error.message });
      return { credentials: null, fault: error.message };
    }
  };
}

function found(credentials: Credentials | null): CredentialsAnswer {
  return { credentials, fault: null };
}

function credentialsOf(login: RegistryLogin): Credentials {
  return "kind" in login ? login : { kind: "password", ...login };
}
