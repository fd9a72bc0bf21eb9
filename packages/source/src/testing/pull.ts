import { createHash } from "node:crypto";
import { createHttpClient, defaultLimits, type HttpClient, type Limits, silentLog } from "@plimsoll/kit";
import { imageOf } from "@plimsoll/testkit";
import { afterEach } from "vitest";
import { platformOf } from "../image/platform.ts";
import type { Credentials } from "../registry/credentials.ts";
import type { DocumentStore } from "../registry/document-store.ts";
import type { RegistryFiles } from "../registry/find-image.ts";
import { type OpenRegistryOptions, openRegistry } from "../registry/open-registry.ts";
import { type Recorder, type RecorderWishes, recorder } from "./recorder.ts";

/** How a test pulls an image; waits and log lines are written to the lists it brings. */
export interface How {
  readonly credentials?: Credentials;
  readonly platform?: string;
  readonly limits?: Partial<Limits>;
  readonly insecureHttp?: boolean;
  readonly idleTimeoutMs?: number;
  readonly attachments?: boolean;
  readonly partialReads?: boolean;
  readonly documents?: DocumentStore;
  readonly files?: RegistryFiles;
  readonly proxyEnv?: Readonly<Record<string, string>>;
  readonly sleeps?: number[];
  readonly log?: string[];
}

const clients: HttpClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client[Symbol.dispose]();
});

/** Options for opening an image in a registry as a test wants it. */
export function pullOptions(how: How = {}): OpenRegistryOptions {
  const write = (message: string, fields?: unknown) => void how.log?.push(`${message} ${JSON.stringify(fields)}`);
  const log = { ...silentLog, debug: write, info: write, warn: write };
  const http = createHttpClient({
    userAgent: "test",
    ...(how.proxyEnv !== undefined && { proxyEnv: how.proxyEnv }),
    idleTimeoutMs: how.idleTimeoutMs ?? 2000,
    sleep: async (ms) => void how.sleeps?.push(ms),
    log,
  });
  clients.push(http);
  const [os = "linux", architecture = "amd64", variant] = (how.platform ?? "linux/amd64").split("/");
  return {
    http,
    credentials: async ({ isMirror }) => ({ credentials: isMirror ? null : (how.credentials ?? null), fault: null }),
    files: how.files ?? {},
    attachments: how.attachments ?? false,
    partialReads: how.partialReads ?? false,
    documents: how.documents,
    insecureHttp: how.insecureHttp ?? false,
    wish: { platform: platformOf(os, architecture, variant), isExplicit: how.platform !== undefined },
    limits: { ...defaultLimits, ...how.limits },
    log,
  };
}

/** Reads all layers of an image in a registry, each with its recorder by diffID. */
export async function pull(reference: string, how: How = {}, wishes: RecorderWishes = {}) {
  await using image = await openRegistry(reference, pullOptions(how));
  const started: Recorder[] = [];
  const read = await image.readLayers(() => {
    const visitor = recorder(wishes);
    started.push(visitor);
    return visitor;
  });
  return { read, source: image.source, layers: new Map(started.map((visitor) => [visitor.ends[0]?.diffId, visitor])) };
}

/** Bytes that do not compress: a layer larger than one chunk. */
export const noise = createHash("shake256", { outputLength: 200_000 }).update("noise").digest();
/** The layers of the image that the tests pull. */
export const layers = [
  [
    { path: "etc/os-release", body: "ID=alpine\n" },
    { path: "noise", body: noise },
  ],
  [{ path: "app", body: "hello" }],
];
/** The image that the tests pull. */
export const image = imageOf(layers);
/** Who may pull it from a registry that asks. */
export const user: Credentials = { kind: "password", user: "me", password: "s3cret-word" };
