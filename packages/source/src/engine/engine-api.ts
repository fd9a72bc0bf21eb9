import { type HttpClient, type HttpRequest, type HttpResponse, type Limits, PlimsollError } from "@plimsoll/kit";
import { type Digest, parseDigest } from "@plimsoll/model";
import { planDockerArchive } from "../archive/docker-archive.ts";
import { openStreamed } from "../archive/streamed-image.ts";
import type { OpenedImage } from "../entry.ts";
import { sourceError } from "../errors.ts";
import { checkPlatform } from "../image/check-platform.ts";
import type { PlatformWish } from "../image/choose-manifest.ts";
import type { ImagePlan } from "../image/image-plan.ts";
import { itemsOf, type JsonObject, objectOf, textOf, textsOf } from "../image/json.ts";
import { platformOf } from "../image/platform.ts";
import { parseReference } from "../reference.ts";
import type { EngineHost, EngineWords } from "./engine-host.ts";
import { wantedImage } from "./image-names.ts";

/** An engine that speaks docker's HTTP API, or podman's of the same shape. */
export interface Engine {
  readonly http: HttpClient;
  readonly host: EngineHost;
  readonly words: EngineWords;
  readonly limits: Limits;
  readonly wish: PlatformWish;
  /** Name of the way, for reports. */
  readonly transport: string;
  /** In front of `/images/NAME/…`. */
  readonly base: string;
  /** Behind `/images/ID/get`: what makes it a docker archive. */
  readonly archiveQuery: string;
}

/**
 * Opens an image that an engine has: by name, tag, digest, image id or the beginning of one. Throws
 * DAEMON_UNREACHABLE, ENGINE_DENIED, NO_SUCH_IMAGE, AMBIGUOUS_NAME, DAEMON_FAILED, PLATFORM_NOT_FOUND.
 */
export async function openFromEngine(text: string, engine: Engine): Promise<OpenedImage> {
  const { limits } = engine;
  const image = await inspect(engine, text);
  const id = textOf(image.Id);
  const [os, architecture] = [textOf(image.Os), textOf(image.Architecture)];
  // Before anything is sent: another place may have the platform that is asked for.
  if (architecture !== "")
    checkPlatform(platformOf(os || "linux", architecture, textOf(image.Variant)), engine.wish, text);
  return openStreamed({
    source: { kind: "image", transport: engine.transport, name: text },
    open: (signal) => savedBytes(engine, id, signal),
    size: null,
    plan: async (view) => {
      const plan = await planDockerArchive(view, { selection: null, limits });
      return plan === null ? null : checked(plan, image, { text, wish: engine.wish });
    },
    limits,
    close: async () => undefined,
  });
}

async function inspect(engine: Engine, text: string): Promise<JsonObject> {
  const response = await ask(engine, `/images/${pathOf(text)}/json`);
  if (response.status !== 200) throw await refusal(engine, text, response);
  const image = objectOf(await answered(engine, text, () => response.json(engine.limits.documentBytes)));
  if (image !== null && /^(?:sha256:)?[0-9a-f]{64}$/.test(textOf(image.Id))) return image;
  throw failed(engine, { image: text, status: "an unreadable answer" });
}

async function refusal(engine: Engine, image: string, response: HttpResponse): Promise<Error> {
  response.discard();
  if (response.status !== 404) return failed(engine, { image, status: `status ${response.status}` });
  const fields = { host: engine.host.name, image, ...engine.words };
  const ids = await idsBeginning(engine, image);
  if (ids.length < 2) return sourceError("NO_SUCH_IMAGE", { fields });
  const found = ids.slice(0, 5).map((id) => id.slice(0, 12));
  return sourceError("AMBIGUOUS_NAME", { fields: { ...fields, found: found.join(", ") } });
}

/** Engines say of the beginning of several ids that there is no such image. */
async function idsBeginning(engine: Engine, image: string): Promise<readonly string[]> {
  const { id } = wantedImage(image);
  if (id === null) return [];
  const response = await ask(engine, "/images/json");
  const list = await answered(engine, image, () => response.json(engine.limits.documentBytes));
  const ids = itemsOf(list).map((item) => textOf(objectOf(item)?.Id).replace("sha256:", ""));
  return [...new Set(ids)].filter((each) => each.startsWith(id));
}

type Failure = { readonly image: string; readonly status: string; readonly cause?: unknown };

function failed({ host, words }: Engine, { image, status, cause }: Failure): Error {
  return sourceError("DAEMON_FAILED", { fields: { host: host.name, image, status, ...words }, cause });
}

/** Engines put a whole archive together before its first byte: some seconds a gigabyte, more on slow disks. */
const savingMs = 600_000;

/** What `docker save` would write. By id: the name may move to another image in between. */
async function* savedBytes(
  engine: Engine,
  id: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const response = await ask(engine, `/images/${id}/get${engine.archiveQuery}`, {
    answerTimeoutMs: savingMs,
    ...(signal !== undefined && { signal }),
  });
  if (response.status !== 200) throw await refusal(engine, id, response);
  yield* response.body;
}

type Patience = Pick<HttpRequest, "signal" | "answerTimeoutMs">;

async function ask({ http, host, words, base }: Engine, path: string, patience: Patience = {}): Promise<HttpResponse> {
  try {
    return await http.request({
      url: `${host.url}${base}${path}`,
      redirects: 0,
      retries: 0,
      ...(host.socketPath !== undefined && { socketPath: host.socketPath }),
      ...(host.tls !== undefined && { tls: host.tls }),
      ...patience,
    });
  } catch (cause) {
    if (!(cause instanceof PlimsollError)) throw cause;
    const reason = textOf(cause.fields.reason) || cause.message;
    const code = reason === "permission denied" ? "ENGINE_DENIED" : "DAEMON_UNREACHABLE";
    throw sourceError(code, { fields: { host: host.name, reason, ...words }, cause });
  }
}

/** An answer that breaks off, never ends or is no JSON is the engine's fault. */
async function answered<T>(engine: Engine, image: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof PlimsollError) throw failed(engine, { image, status: cause.message, cause });
    throw cause;
  }
}

function pathOf(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

type Asked = { readonly text: string; readonly wish: PlatformWish };

/** The archive must be of the image that was inspected; the engine knows under which digest it was pulled. */
function checked(plan: ImagePlan, image: JsonObject, { text, wish }: Asked): ImagePlan {
  const promised = textsOf(objectOf(image.RootFS)?.Layers);
  if (promised.length > 0 && promised.join() !== plan.config.diffIds.join()) {
    throw sourceError("DOCUMENT_INVALID", { fields: { name: text, reason: "the engine sent another image" } });
  }
  checkPlatform(plan.config.platform, wish, text);
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
