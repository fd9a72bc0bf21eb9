import { defaultLimits, PlimsollError, silentLog } from "@plimsoll/kit";
import { defaultDockerHost } from "./docker/docker-host.ts";
import type { OpenedSource } from "./entry.ts";
import { sourceError } from "./errors.ts";
import type { PlatformWish } from "./image/choose-manifest.ts";
import { parsePlatform, platformOf } from "./image/platform.ts";
import type { SourceContext, SourceOptions } from "./source-options.ts";
import { searchOrder, type Transport, transports } from "./transports.ts";

/**
 * Opens what a user names: `file://`, `docker://`, `pull://`, `docker-archive:`, `oci:`, `dir:`, `host:` …; without a
 * prefix an existing file or folder, then the docker daemon, then the registry. Throws the room's errors;
 * IMAGE_NOT_FOUND_ANYWHERE lists what was tried.
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
  "DAEMON_UNREACHABLE",
  "NO_SUCH_IMAGE",
  "DAEMON_FAILED",
  "DOCKER_HOST_UNSUPPORTED",
]);

/** The last place's answer → the same with all that was tried. */
const nowhere: Readonly<Record<string, "IMAGE_NOT_FOUND_ANYWHERE" | "REGISTRY_UNREACHABLE">> = {
  IMAGE_NOT_FOUND: "IMAGE_NOT_FOUND_ANYWHERE",
  HOST_UNREACHABLE: "REGISTRY_UNREACHABLE",
  TIMEOUT: "REGISTRY_UNREACHABLE",
};

async function search(text: string, context: SourceContext): Promise<OpenedSource> {
  const tried: string[] = [];
  for (const transport of searchOrder) {
    const outcome = await attempt(transport, text, context);
    if (!(outcome instanceof PlimsollError)) return outcome;
    // What can only be a path is not looked for elsewhere.
    if (!elsewhere.has(outcome.code) || isPath(text)) throw withTried(outcome, text, tried);
    context.log.debug("not found here", { transport: transport.name, code: outcome.code });
    tried.push(outcome.message);
  }
  throw sourceError("IMAGE_NOT_FOUND_ANYWHERE", { fields: { name: text, tried: tried.join("; ") } });
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

function withTried(error: PlimsollError, name: string, tried: readonly string[]): PlimsollError {
  const code = nowhere[error.code];
  if (code === undefined) return error;
  return sourceError(code, { fields: { name, tried: [...tried, error.message].join("; ") }, cause: error });
}

function isPath(text: string): boolean {
  return /^[./~]/.test(text) || /\.(?:tar|tgz|tar\.\w+)$/.test(text);
}

function contextOf(options: SourceOptions): SourceContext {
  return {
    http: options.http,
    registryCredentials: options.credentials ?? null,
    dockerConfigPath: options.dockerConfigPath ?? null,
    helperEnvironment: options.helperEnvironment ?? {},
    dockerHost: options.dockerHost ?? defaultDockerHost,
    wish: wishOf(options.platform),
    registryFiles: options.registryFiles ?? {},
    insecureHttp: options.insecureHttp ?? false,
    host: { ...options.host, name: options.host?.name ?? "localhost" },
    limits: options.limits ?? defaultLimits,
    log: options.log ?? silentLog,
  };
}

function wishOf(platform: string | undefined): PlatformWish {
  if (platform !== undefined) return { platform: parsePlatform(platform), isExplicit: true };
  return { platform: platformOf("linux", process.arch), isExplicit: false };
}
