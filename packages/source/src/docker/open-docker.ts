import { type HttpClient, type HttpResponse, type Limits, PlimsollError } from "@plimsoll/kit";
import { type Digest, parseDigest } from "@plimsoll/model";
import { planDockerArchive } from "../archive/docker-archive.ts";
import { openStreamed } from "../archive/streamed-image.ts";
import type { OpenedImage } from "../entry.ts";
import { sourceError } from "../errors.ts";
import type { ImagePlan } from "../image/image-plan.ts";
import { itemsOf, type JsonObject, objectOf, textOf, textsOf } from "../image/json.ts";
import { parseReference } from "../reference.ts";
import { type DockerHost, parseDockerHost } from "./docker-host.ts";

export interface OpenDockerOptions {
  readonly http: HttpClient;
  /** DOCKER_HOST or the default socket. */
  readonly dockerHost: string;
  readonly limits: Limits;
}

/**
 * Opens an image that a docker engine (or what speaks its API) has: by name, tag, digest or image id. Throws
 * DAEMON_UNREACHABLE, NO_SUCH_IMAGE, DAEMON_FAILED, DOCKER_HOST_UNSUPPORTED.
 */
export async function openDocker(text: string, options: OpenDockerOptions): Promise<OpenedImage> {
  const host = parseDockerHost(options.dockerHost);
  const engine = { http: options.http, host, limits: options.limits };
  const image = await inspect(engine, text);
  const id = textOf(image.Id);
  return openStreamed({
    source: { kind: "image", transport: "docker", name: text },
    open: (signal) => savedBytes(engine, id, signal),
    size: null,
    plan: async (view) => {
      const plan = await planDockerArchive(view, { selection: null, limits: options.limits });
      return plan === null ? null : checked(plan, image, text);
    },
    limits: options.limits,
    close: async () => undefined,
  });
}

interface Engine {
  readonly http: HttpClient;
  readonly host: DockerHost;
  readonly limits: Limits;
}

async function inspect(engine: Engine, text: string): Promise<JsonObject> {
  const response = await ask(engine, `/images/${pathOf(text)}/json`);
  if (response.status !== 200) {
    response.discard();
    const code = response.status === 404 ? "NO_SUCH_IMAGE" : "DAEMON_FAILED";
    throw sourceError(code, { fields: { host: engine.host.name, image: text, status: response.status } });
  }
  const image = objectOf(await response.json(engine.limits.documentBytes));
  if (image !== null && /^sha256:[0-9a-f]{64}$/.test(textOf(image.Id))) return image;
  throw sourceError("DAEMON_FAILED", {
    fields: { host: engine.host.name, image: text, status: "an unreadable answer" },
  });
}

/** What `docker save` would write. By id: the name may move to another image in between. */
async function* savedBytes(
  engine: Engine,
  id: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const response = await ask(engine, `/images/${id}/get`, signal);
  if (response.status !== 200) {
    response.discard();
    throw sourceError("DAEMON_FAILED", { fields: { host: engine.host.name, image: id, status: response.status } });
  }
  yield* response.body;
}

async function ask({ http, host }: Engine, path: string, signal?: AbortSignal): Promise<HttpResponse> {
  try {
    return await http.request({
      url: `${host.url}${path}`,
      redirects: 0,
      retries: 0,
      ...(host.socketPath !== undefined && { socketPath: host.socketPath }),
      ...(signal !== undefined && { signal }),
    });
  } catch (cause) {
    if (!(cause instanceof PlimsollError)) throw cause;
    const reason = textOf(cause.fields.reason) || cause.message;
    throw sourceError("DAEMON_UNREACHABLE", { fields: { host: host.name, reason }, cause });
  }
}

function pathOf(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

/** The archive must be of the image that was inspected; the engine knows under which digest it was pulled. */
function checked(plan: ImagePlan, image: JsonObject, text: string): ImagePlan {
  const promised = textsOf(objectOf(image.RootFS)?.Layers);
  if (promised.length > 0 && promised.join() !== plan.config.diffIds.join()) {
    throw sourceError("DOCUMENT_INVALID", { fields: { name: text, reason: "the daemon sent another image" } });
  }
  return { ...plan, digest: repoDigest(itemsOf(image.RepoDigests), text) };
}

/** The digest under the asked repository first, then any, in order. */
function repoDigest(repoDigests: readonly unknown[], text: string): Digest | null {
  const found = textsOf(repoDigests)
    .sort()
    .flatMap((entry) => {
      const digest = parseDigest(entry.slice(entry.indexOf("@") + 1));
      return digest === null ? [] : [{ digest, repository: repositoryOf(entry) }];
    });
  const asked = repositoryOf(text);
  return (found.find(({ repository }) => repository === asked) ?? found[0])?.digest ?? null;
}

function repositoryOf(text: string): string {
  try {
    const { registry, repository } = parseReference(text);
    return `${registry}/${repository}`;
  } catch {
    return text; // an image id
  }
}
