import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SourceOptions as Settings } from "@plimsoll/source";
import { documentsIn } from "./caches.ts";
import { engineSettings } from "./engine-settings.ts";
import { cliError } from "./errors.ts";
import type { SourceOptions } from "./options.ts";
import { withRegistryToken } from "./registry-token.ts";
import type { Tools } from "./tools.ts";
import type { World } from "./world.ts";

/** What opening the source `text` needs, from options and environment. Throws BAD_OPTION_VALUE. */
export function sourceSettings(
  text: string,
  options: SourceOptions,
  { registryHttp, log, world, cache }: Tools,
): Settings {
  const { env, homeFolder, hostName } = world;
  const credentials = credentialsFrom(options, env);
  const configFile = options.registryAuthFile ?? env.REGISTRY_AUTH_FILE;
  const token = options.registryAuthToken ?? env.REGISTRY_AUTH_TOKEN ?? "";
  return {
    http: token === "" ? registryHttp : withRegistryToken(registryHttp, text, token),
    log,
    dockerConfigPath: configFile ?? join(env.DOCKER_CONFIG ?? join(homeFolder, ".docker"), "config.json"),
    helperEnvironment: { PATH: env.PATH, HOME: homeFolder, DOCKER_CONFIG: env.DOCKER_CONFIG },
    host: { name: hostName },
    ...(credentials !== null && { credentials }),
    ...(env.DOCKER_HOST !== undefined && env.DOCKER_HOST !== "" && { dockerHost: env.DOCKER_HOST }),
    ...(options.platform !== undefined && { platform: options.platform }),
    ...(options.registrySkipTls && { insecureHttp: true }),
    ...(options.attachments && { attachments: true }),
    ...(options.partialReads && { partialReads: true }),
    ...(cache !== null && { documents: documentsIn(cache) }),
    registryFiles: registryFiles(world),
    ...engineSettings(world),
    stdin: world.stdin,
  };
}

/** Where containers' and docker's files about registries lie, the user's before the machine's. */
function registryFiles({ env, homeFolder }: World): NonNullable<Settings["registryFiles"]> {
  const own = join(env.XDG_CONFIG_HOME || join(homeFolder, ".config"), "containers");
  const ownConf = join(own, "registries.conf");
  const conf = existsSync(ownConf) ? ownConf : "/etc/containers/registries.conf";
  return {
    registriesConf: env.CONTAINERS_REGISTRIES_CONF || conf,
    daemonJson: "/etc/docker/daemon.json",
    certificates: [join(own, "certs.d"), "/etc/containers/certs.d", "/etc/docker/certs.d"],
  };
}

type Credentials = NonNullable<Settings["credentials"]>;

/** Options win over the environment; user and password over both in one. */
function credentialsFrom(options: SourceOptions, env: World["env"]): Credentials | null {
  const user = options.registryUser ?? env.REGISTRY_USER;
  const password = options.registryPassword ?? env.REGISTRY_PASSWORD;
  if (user !== undefined && user !== "") return { user, password: password ?? "" };
  const basic = options.registryAuthBasic ?? env.REGISTRY_AUTH_BASIC;
  return basic === undefined || basic === "" ? null : splitBasic(basic);
}

function splitBasic(basic: string): Credentials {
  const colon = basic.indexOf(":");
  if (colon > 0) return { user: basic.slice(0, colon), password: basic.slice(colon + 1) };
  // The value is not shown: it may be a password without its user.
  const fields = { option: "--registry-auth-basic", value: "a text without a colon", next: "write USER:PASSWORD" };
  throw cliError("BAD_OPTION_VALUE", { fields });
}
