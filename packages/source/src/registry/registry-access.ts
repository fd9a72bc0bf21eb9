import { defaultLimits, silentLog } from "@plimsoll/kit";
import type { SourceOptions } from "../source-options.ts";
import { credentialsProvider } from "./credentials-provider.ts";
import type { RegistryAccess } from "./find-image.ts";

/** The part of the options that speaks of registries. */
export type RegistryOptions = Pick<
  SourceOptions,
  | "http"
  | "credentials"
  | "registryTls"
  | "dockerConfigPath"
  | "helperEnvironment"
  | "registryFiles"
  | "insecureHttp"
  | "limits"
  | "log"
>;

/** How registries are reached with what the user gave. */
export function accessOf(options: RegistryOptions): RegistryAccess {
  const { http, credentials, registryTls, limits = defaultLimits, log = silentLog } = options;
  return {
    http,
    limits,
    log,
    insecureHttp: options.insecureHttp ?? false,
    files: options.registryFiles ?? {},
    ...(registryTls !== undefined && { tls: registryTls }),
    credentials: credentialsProvider({
      registryCredentials: credentials ?? null,
      dockerConfigPath: options.dockerConfigPath ?? null,
      helperEnvironment: options.helperEnvironment ?? {},
      log,
    }),
  };
}
