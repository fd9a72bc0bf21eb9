import { messageOf } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { objectOf, parseObject, textOf, textTableOf } from "../image/json.ts";
import { type HelperEnvironment, runCredentialHelper } from "./credential-helper.ts";
import type { Credentials } from "./credentials.ts";
import { readSettings } from "./settings-file.ts";

/** The parts of docker's config.json that say who the user is. */
export interface DockerConfig {
  readonly auths: Readonly<Record<string, Credentials>>;
  readonly credHelpers: Readonly<Record<string, string>>;
  readonly credsStore: string | null;
}

const longest = 1024 * 1024;

/** Reads a docker config.json; a file that is not there is an empty one. Throws DOCKER_CONFIG_INVALID. */
export async function readDockerConfig(path: string): Promise<DockerConfig> {
  const bytes = await bytesOf(path);
  const config = bytes.length > longest ? null : parseDockerConfig(bytes);
  if (config === null)
    throw sourceError("DOCKER_CONFIG_INVALID", { fields: { path, reason: "it is not a JSON object" } });
  return config;
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readSettings(path, longest);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code === "ENOENT" || code === "ENOTDIR") return Buffer.from("{}");
    throw sourceError("DOCKER_CONFIG_INVALID", { fields: { path, reason: messageOf(cause) }, cause });
  }
}

/** Reads the content of a docker config.json; `null` when it is no JSON object. Entries that hold no credentials are left out. */
export function parseDockerConfig(bytes: Uint8Array): DockerConfig | null {
  const document = parseObject(bytes);
  if (document === null) return null;
  const pairs = Object.entries(objectOf(document.auths) ?? {}).flatMap(([key, value]): [string, Credentials][] => {
    const credentials = readAuth(value);
    return credentials === null ? [] : [[registryOfKey(key), credentials]];
  });
  return {
    auths: Object.fromEntries(pairs),
    credHelpers: textTableOf(document.credHelpers),
    credsStore: textOf(document.credsStore) || null,
  };
}

/** Credentials for a registry as docker finds them: its own helper, the store of all, the file; `null` = none. Failing helpers throw CREDENTIAL_HELPER_FAILED. */
export async function credentialsFor(
  registry: string,
  config: DockerConfig,
  environment: HelperEnvironment,
): Promise<Credentials | null> {
  const helper = config.credHelpers[registry] ?? config.credsStore;
  const found = helper === null ? null : await runCredentialHelper(helper, serverNameOf(registry), environment);
  return found ?? config.auths[registry] ?? null;
}

/** Docker Hub is known to helpers and config files by the address it had long ago. */
function serverNameOf(registry: string): string {
  return registry === "docker.io" ? "https://index.docker.io/v1/" : registry;
}

/** `https://index.docker.io/v1/`, `https://ghcr.io`, `ghcr.io/v2/` → the registry's host. */
function registryOfKey(key: string): string {
  const host = key.replace(/^https?:\/\//, "").split("/", 1)[0] ?? "";
  return host === "index.docker.io" || host === "registry-1.docker.io" ? "docker.io" : host;
}

function readAuth(value: unknown): Credentials | null {
  const auth = objectOf(value);
  const token = textOf(auth?.identitytoken);
  if (token !== "") return { kind: "identity-token", token };
  const padded = Buffer.from(textOf(auth?.auth), "base64").toString("utf8");
  const decoded = padded.replace(/(?<!\0)\0+$/, "");
  const colon = decoded.indexOf(":");
  if (colon > 0) return { kind: "password", user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  const user = textOf(auth?.username);
  return user === "" ? null : { kind: "password", user, password: textOf(auth?.password) };
}
