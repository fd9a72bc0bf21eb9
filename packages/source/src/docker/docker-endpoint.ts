import { createHash } from "node:crypto";
import { join } from "node:path";
import { messageOf, type TlsMaterial } from "@plimsoll/kit";
import { smallFile } from "../archive/small-file.ts";
import { type EngineHost, type EngineWords, parseEngineHost } from "../engine/engine-host.ts";
import { sourceError } from "../errors.ts";
import { type JsonObject, objectOf, parseObject, textOf } from "../image/json.ts";

/** How docker's own command line is told where its engine is. */
export interface DockerSettings {
  /** DOCKER_HOST; wins over contexts. */
  readonly host?: string;
  /** DOCKER_CONTEXT; wins over `currentContext` of the configuration. */
  readonly context?: string;
  /** Folder of config.json and contexts (DOCKER_CONFIG or `~/.docker`); absent: contexts are not looked at. */
  readonly configFolder?: string;
  /** DOCKER_TLS_VERIFY, or DOCKER_TLS alone (certificates without verification); for `host` only. */
  readonly tls?: "verify" | "insecure";
  /** DOCKER_CERT_PATH; absent: the configuration's folder. */
  readonly certFolder?: string;
}

export const dockerWords: EngineWords = {
  engine: "docker engine",
  list: "docker images",
  setting: "DOCKER_HOST",
  socket: "/var/run/docker.sock",
};

const longest = 1024 * 1024;
const defaultHost = `unix://${dockerWords.socket}`;

/**
 * Where docker's engine listens, found as docker's command line finds it (cli `resolveContextName`): DOCKER_HOST, then
 * DOCKER_CONTEXT, then the configuration's current context, then the default socket. Throws ENGINE_HOST_UNSUPPORTED,
 * ENGINE_HOST_SSH, DOCKER_CONTEXT_INVALID, DOCKER_TLS_INVALID.
 */
export async function dockerEndpoint(settings: DockerSettings): Promise<EngineHost> {
  if (settings.host !== undefined && settings.host !== "") return ofHost(settings.host, settings);
  const context = settings.context || (await currentContext(settings.configFolder));
  if (context === "" || context === "default") return parseEngineHost(defaultHost, dockerWords);
  return ofContext(context, settings.configFolder ?? "");
}

async function ofHost(text: string, { tls, certFolder, configFolder }: DockerSettings): Promise<EngineHost> {
  const host = parseEngineHost(text, dockerWords);
  const folder = certFolder || configFolder;
  if (tls === undefined || host.socketPath !== undefined || folder === undefined) return host;
  const material = await tlsMaterial(folder, tls === "verify");
  return secured(host, { ...material, ...(tls === "insecure" && { insecure: true }) });
}

function secured(host: EngineHost, tls: TlsMaterial): EngineHost {
  return { ...host, url: host.url.replace(/^http:/, "https:"), tls };
}

async function currentContext(folder: string | undefined): Promise<string> {
  if (folder === undefined) return "";
  // A configuration that cannot be read is the registry's matter to tell.
  const bytes = await smallFile(join(folder, "config.json"), longest).catch(() => null);
  return textOf(bytes === null ? undefined : parseObject(bytes)?.currentContext);
}

/** Contexts lie under the digest of their names (cli/context/store). */
async function ofContext(context: string, folder: string): Promise<EngineHost> {
  const id = createHash("sha256").update(context).digest("hex");
  const document = await contextDocument(context, join(folder, "contexts", "meta", id, "meta.json"));
  const endpoint = objectOf(objectOf(document.Endpoints)?.docker);
  const text = textOf(endpoint?.Host);
  if (text === "") throw invalid(context, "it names no docker host");
  const host = parseEngineHost(text, dockerWords);
  if (host.socketPath !== undefined) return host;
  const material = await tlsMaterial(join(folder, "contexts", "tls", id, "docker"), false);
  const isInsecure = endpoint?.SkipTLSVerify === true;
  const isPlain = Object.keys(material).length === 0 && !isInsecure && host.url.startsWith("http:");
  return isPlain ? host : secured(host, { ...material, ...(isInsecure && { insecure: true }) });
}

async function contextDocument(context: string, path: string): Promise<JsonObject> {
  const bytes = await smallFile(path, longest).catch((cause: unknown) => {
    throw invalid(context, messageOf(cause));
  });
  if (bytes === null) throw invalid(context, "there is no such context");
  const document = parseObject(bytes);
  if (document === null) throw invalid(context, "its description is not a JSON object");
  return document;
}

function invalid(context: string, reason: string): Error {
  return sourceError("DOCKER_CONTEXT_INVALID", { fields: { context, reason } });
}

/** `ca.pem`, `cert.pem`, `key.pem` of a folder, as far as they are there; `demanded`: the authority must be. */
async function tlsMaterial(folder: string, demanded: boolean): Promise<TlsMaterial> {
  const read = async (name: string): Promise<string | null> => {
    const path = join(folder, name);
    const bytes = await smallFile(path, longest).catch((cause: unknown) => {
      throw sourceError("DOCKER_TLS_INVALID", { fields: { path, reason: messageOf(cause) }, cause });
    });
    return bytes === null ? null : bytes.toString("utf8");
  };
  const [ca, cert, key] = [await read("ca.pem"), await read("cert.pem"), await read("key.pem")];
  if (ca === null && demanded) {
    throw sourceError("DOCKER_TLS_INVALID", {
      fields: { path: join(folder, "ca.pem"), reason: "there is no such file" },
    });
  }
  if ((cert === null) !== (key === null)) {
    throw sourceError("DOCKER_TLS_INVALID", { fields: { path: folder, reason: "cert.pem and key.pem go together" } });
  }
  return { ...(ca !== null && { ca: [ca] }), ...(cert !== null && key !== null && { cert, key }) };
}
