import { join } from "node:path";
import type { ProxyEnv } from "@plimsoll/kit";
import type { FetchSettings, KeyPlace } from "@plimsoll/platform";
import type { Config } from "./config.ts";
import { tool } from "./tool.ts";

type Settings = Pick<Config, "data" | "allowPrivateNetworks" | "scanMemory" | "secretsKey" | "secretsKeyFile">;

/** How this server fetches images by itself. */
export function fetchSettings(config: Settings, { proxyEnv }: { readonly proxyEnv: ProxyEnv }): FetchSettings {
  const userAgent = `${tool.name}/${tool.version}`;
  return {
    outbound: { allowPrivate: config.allowPrivateNetworks, proxyEnv: proxiesIn(proxyEnv), userAgent },
    layersFolder: join(config.data, "layers"),
    heapMb: config.scanMemory,
  };
}

/** Where the keys of the stored secrets are: told outright, in somebody's file, or in the data folder. */
export function keyPlace({ data, secretsKey, secretsKeyFile }: Settings): KeyPlace {
  if (secretsKey !== null) return { text: secretsKey };
  return secretsKeyFile === null ? { ownFile: join(data, "secrets.key") } : { file: secretsKeyFile };
}

const proxyNames = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

function proxiesIn(env: ProxyEnv): ProxyEnv {
  return Object.fromEntries(proxyNames.map((name) => [name, env[name]]));
}
