import { type Log, PlimsollError } from "@plimsoll/kit";
import type { HelperEnvironment } from "./credential-helper.ts";
import type { Credentials } from "./credentials.ts";
import { credentialsFor, readDockerConfig } from "./docker-config.ts";

export interface CredentialSources {
  readonly registryCredentials: { readonly user: string; readonly password: string } | null;
  readonly dockerConfigPath: string | null;
  readonly helperEnvironment: HelperEnvironment;
  readonly log: Log;
}

/**
 * Where credentials come from: given ones first, then docker's configuration and its helpers. A broken configuration or
 * helper is warned of and counts as none: many images need no credentials, and for the others the registry's refusal follows.
 */
export function credentialsProvider(sources: CredentialSources): (registry: string) => Promise<Credentials | null> {
  const { registryCredentials, dockerConfigPath, helperEnvironment, log } = sources;
  return async (registry) => {
    if (registryCredentials !== null) return { kind: "password", ...registryCredentials };
    if (dockerConfigPath === null) return null;
    try {
      return await credentialsFor(registry, await readDockerConfig(dockerConfigPath), helperEnvironment);
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      log.warn("no credentials could be read", { registry, code: error.code, reason: error.message });
      return null;
    }
  };
}
