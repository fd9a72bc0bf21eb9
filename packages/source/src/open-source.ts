import { defaultLimits, PlimsollError, silentLog } from "@plimsoll/kit";
import { type ImageAttachments, openAttachments } from "./attachments/open-attachments.ts";
import type { OpenedSource } from "./entry.ts";
import { sourceError } from "./errors.ts";
import type { PlatformWish } from "./image/choose-manifest.ts";
import { parsePlatform, platformOf } from "./image/platform.ts";
import type { EngineSettings, SourceContext, SourceOptions } from "./source-options.ts";
import { registryAccessOf, searchOrder, type Transport, transports } from "./transports.ts";

/**
 * Opens what a user names: `file://`, `docker://`, `podman://`, `pull://`, `containerd://`, `crio://`, `docker-archive:`,
 * `oci:`, `dir:`, `host:` …; `-` is an archive on standard input. Without a prefix an existing file or folder, then
 * docker, podman, the registry, containerd, CRI-O (spec 7.3). Throws the room's errors; IMAGE_NOT_FOUND_ANYWHERE lists
 * what was tried.
 */
export async function openSource(text: string, options: SourceOptions): Promise<OpenedSource> {
  const context = contextOf(options);
  const named = transportOf(text);
  if (named !== null) return named.transport.open(named.name, context);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw sourceError("UNKNOWN_TRANSPORT", { fields: { prefix: text.slice(0, text.indexOf("://") + 3) } });
  }
  return search(text, context);
}

/** The attachments of the image that `text` names in a registry, with or without `pull://`. Throws what `openSource` throws of registries. */
export async function openSourceAttachments(text: string, options: SourceOptions): Promise<ImageAttachments> {
  return openAttachments(text.replace(/^(?:pull|registry):\/\//, ""), registryAccessOf(contextOf(options)));
}

function transportOf(text: string): { readonly transport: Transport; readonly name: string } | null {
  for (const transport of transports) {
    const prefix = transport.prefixes.find((candidate) => text.startsWith(candidate));
    if (prefix !== undefined && !isTagOf(prefix, text)) return { transport, name: text.slice(prefix.length) };
  }
  return null;
}

/** `registry:2` is the image that serves registries, not the image `2` in one. */
function isTagOf(prefix: string, text: string): boolean {
  return prefix === "registry:" && /^[\w.-]+$/.test(text.slice(prefix.length));
}

/** Why a place does not have the image, as against an image that is there and cannot be read. */
const elsewhere: ReadonlySet<string> = new Set([
  "FILE_NOT_FOUND",
  "NOT_AN_ARCHIVE",
  "NOT_A_FILE",
  "ENGINE_ABSENT",
  "ENGINE_DENIED",
  "ENGINE_HOST_UNSUPPORTED",
  "ENGINE_HOST_SSH",
  "DAEMON_UNREACHABLE",
  "DAEMON_FAILED",
  "DOCKER_CONTEXT_INVALID",
  "DOCKER_TLS_INVALID",
  "NO_SUCH_IMAGE",
  "STORE_INVALID",
]);

/** The registry's answer → the same with all that was tried. */
const nowhere: Readonly<Record<string, "IMAGE_NOT_FOUND_ANYWHERE" | "REGISTRY_UNREACHABLE">> = {
  IMAGE_NOT_FOUND: "IMAGE_NOT_FOUND_ANYWHERE",
  HOST_UNREACHABLE: "REGISTRY_UNREACHABLE",
  TIMEOUT: "REGISTRY_UNREACHABLE",
};

/** Answers of a registry that only other parameters can mend: nobody else is asked. */
const wrongWords: ReadonlySet<string> = new Set(["PLATFORM_NOT_FOUND", "INVALID_REFERENCE"]);

async function search(text: string, context: SourceContext): Promise<OpenedSource> {
  const misses: Miss[] = [];
  for (const transport of searchOrder) {
    if (transport.name === "registry" && isImageId(text)) continue;
    const outcome = await attempt(transport, text, context);
    if (!(outcome instanceof PlimsollError)) return outcome;
    // What can only be a path is not looked for elsewhere.
    if (isPath(text) || !isMiss(transport, outcome)) throw outcome;
    context.log.debug("not found here", { transport: transport.name, code: outcome.code });
    misses.push({ transport, error: outcome });
  }
  throw notFound(text, misses);
}

interface Miss {
  readonly transport: Transport;
  readonly error: PlimsollError;
}

/** A registry that refuses may keep its image, and an engine one of another platform: the next may have the right one. */
function isMiss({ name }: Transport, { code }: PlimsollError): boolean {
  if (elsewhere.has(code)) return true;
  return name === "registry" ? !wrongWords.has(code) : name !== "file" && code === "PLATFORM_NOT_FOUND";
}

/** What an engine has for another platform, or the registry's own refusal, where there is one; else all that was tried. */
function notFound(name: string, misses: readonly Miss[]): PlimsollError {
  const other = misses.find(({ error }) => error.code === "PLATFORM_NOT_FOUND")?.error;
  if (other !== undefined) return other;
  const cause = misses.find(({ transport }) => transport.name === "registry")?.error;
  const code = cause === undefined ? "IMAGE_NOT_FOUND_ANYWHERE" : nowhere[cause.code];
  if (code === undefined && cause !== undefined) return cause;
  const absent = misses.filter(({ error }) => error.code === "ENGINE_ABSENT").map(({ error }) => error.fields.engine);
  const told = misses.filter(({ error }) => error.code !== "ENGINE_ABSENT").map(({ error }) => error.message);
  const tried = [...told, ...(absent.length > 0 ? [`not on this machine: ${absent.join(", ")}`] : [])].join("; ");
  return sourceError(code ?? "IMAGE_NOT_FOUND_ANYWHERE", {
    fields: { name, tried },
    ...(cause !== undefined && { cause }),
  });
}

async function attempt(
  transport: Transport,
  text: string,
  context: SourceContext,
): Promise<OpenedSource | PlimsollError> {
  try {
    return await transport.open(text, context);
  } catch (error) {
    if (error instanceof PlimsollError) return error;
    throw error;
  }
}

/** An id names what an engine has; no registry knows it. */
function isImageId(text: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{64}$/.test(text);
}

function isPath(text: string): boolean {
  return text === "-" || /^[./~]/.test(text) || /\.(?:tar|tgz|tar\.\w+)$/.test(text);
}

const noEngines: EngineSettings = {
  podman: {},
  containerd: { sockets: [] },
  podmanStorage: null,
  crioStorage: null,
  crioConfFolder: null,
};

function contextOf(options: SourceOptions): SourceContext {
  return {
    ...registryContextOf(options),
    http: options.http,
    dockerConfigPath: options.dockerConfigPath ?? null,
    helperEnvironment: options.helperEnvironment ?? {},
    docker: { ...options.docker, ...(options.dockerHost !== undefined && { host: options.dockerHost }) },
    engines: { ...noEngines, ...options.engines },
    stdin: options.stdin ?? null,
    wish: wishOf(options.platform),
    attachments: options.attachments ?? false,
    partialReads: options.partialReads ?? false,
    host: { ...options.host, name: options.host?.name ?? "localhost" },
    limits: options.limits ?? defaultLimits,
    log: options.log ?? silentLog,
  };
}

function registryContextOf(options: SourceOptions) {
  return {
    registryCredentials: options.credentials ?? null,
    registryTls: options.registryTls ?? null,
    documents: options.documents,
    registryFiles: options.registryFiles ?? {},
    insecureHttp: options.insecureHttp ?? false,
  };
}

function wishOf(platform: string | undefined): PlatformWish {
  if (platform !== undefined) return { platform: parsePlatform(platform), isExplicit: true };
  return { platform: platformOf("linux", process.arch), isExplicit: false };
}
