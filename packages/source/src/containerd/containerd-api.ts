import { type Digest, parseDigest } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import { GrpcConnection, GrpcError, notFound } from "./grpc.ts";
import { type Fields, messagesField, numberField, readFields, textField, writeTexts } from "./protobuf.ts";

/** An image as containerd knows it: a name for a manifest or an index. */
export interface NamedTarget {
  readonly name: string;
  readonly digest: Digest;
  readonly size: number;
}

export interface ContainerdOptions {
  readonly socketPath: string;
  /** Longest answer of one message; bytes. */
  readonly messageBytes: number;
  readonly patienceMs: number;
}

export const containerdWords = { engine: "containerd service", list: "ctr images ls", setting: "CONTAINERD_ADDRESS" };

/**
 * The three calls of containerd's API that reading an image takes (api/services/images/v1/images.proto,
 * api/services/content/v1/content.proto). Throws ENGINE_DENIED, DAEMON_UNREACHABLE, DAEMON_FAILED.
 */
export class Containerd implements Disposable {
  readonly #connection: GrpcConnection;
  readonly #host: string;

  constructor(options: ContainerdOptions) {
    this.#connection = new GrpcConnection(options);
    this.#host = options.socketPath;
  }

  /** The image of exactly this name; `null`: there is none. */
  async image(namespace: string, name: string): Promise<NamedTarget | null> {
    const answer = await this.#ask("images.v1.Images/Get", namespace, writeTexts([1, name]));
    const [image] = answer === null ? [] : messagesField(answer, 1);
    return image === undefined ? null : targetOf(image);
  }

  /** All images that a filter lets through (containerd's filter syntax), at most some thousands. */
  async images(namespace: string, ...filters: readonly string[]): Promise<readonly NamedTarget[]> {
    const message = writeTexts(...filters.map((filter) => [1, filter] as const));
    const answer = await this.#ask("images.v1.Images/List", namespace, message);
    return (answer === null ? [] : messagesField(answer, 1)).map(targetOf).filter((target) => target !== null);
  }

  /** Whether a blob is there. */
  async holds(namespace: string, digest: Digest): Promise<boolean> {
    return (await this.#ask("content.v1.Content/Info", namespace, writeTexts([1, digest]))) !== null;
  }

  /** The bytes of a blob; not checked. Throws CONTENT_MISSING. */
  async *blob(
    namespace: string,
    { digest, label, signal }: { readonly digest: string; readonly label: string; readonly signal?: AbortSignal },
  ): AsyncGenerator<Buffer, void, undefined> {
    const call = { ...this.#call("content.v1.Content/Read", namespace), message: writeTexts([1, digest]) };
    try {
      for await (const message of this.#connection.stream({ ...call, ...(signal !== undefined && { signal }) })) {
        const data = readFields(message).get(2)?.at(-1);
        if (Buffer.isBuffer(data) && data.length > 0) yield data;
      }
    } catch (error) {
      if (!(error instanceof GrpcError) || error.status !== notFound) throw this.#failure(error, digest);
      throw sourceError("CONTENT_MISSING", { fields: { label, host: this.#host, ...containerdWords }, cause: error });
    }
  }

  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }

  #call(method: string, namespace: string) {
    return { method: `/containerd.services.${method}`, metadata: { "containerd-namespace": namespace } };
  }

  async #ask(method: string, namespace: string, message: Buffer): Promise<Fields | null> {
    try {
      return readFields(await this.#connection.unary({ ...this.#call(method, namespace), message }));
    } catch (error) {
      if (error instanceof GrpcError && error.status === notFound) return null;
      throw this.#failure(error, method);
    }
  }

  #failure(error: unknown, image: string): unknown {
    const isTheirs = error instanceof GrpcError || error instanceof RangeError;
    if (!isTheirs) return error;
    const system = error instanceof GrpcError ? error.system : "";
    const fields = {
      ...containerdWords,
      host: this.#host,
      image,
      status: error.message,
      reason: reasons[system] ?? system,
    };
    if (system === "EACCES" || system === "EPERM") return sourceError("ENGINE_DENIED", { fields, cause: error });
    const isAway = system === "ENOENT" || system === "ECONNREFUSED";
    return sourceError(isAway ? "DAEMON_UNREACHABLE" : "DAEMON_FAILED", { fields, cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = { ENOENT: "no such socket", ECONNREFUSED: "connection refused" };

function targetOf(image: Fields): NamedTarget | null {
  const [target] = messagesField(image, 3);
  const digest = target === undefined ? null : parseDigest(textField(target, 2));
  if (target === undefined || digest === null) return null;
  return { name: textField(image, 1), digest, size: numberField(target, 3) };
}
