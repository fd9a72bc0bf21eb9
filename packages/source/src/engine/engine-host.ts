import type { TlsMaterial } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";

/** Where an engine with docker's HTTP API listens. */
export interface EngineHost {
  /** Shown to people. */
  readonly name: string;
  /** Base of request addresses. */
  readonly url: string;
  readonly socketPath?: string;
  readonly tls?: TlsMaterial;
}

/** What one engine is called where people are told of it. */
export interface EngineWords {
  /** `docker engine` */
  readonly engine: string;
  /** The command that lists its images. */
  readonly list: string;
  /** The variable that says where it listens. */
  readonly setting: string;
  /** Its socket unless told otherwise. */
  readonly socket: string;
}

/**
 * Reads an address as DOCKER_HOST and CONTAINER_HOST have it: `unix:///path`, `tcp://host:port` (also `http://`,
 * `https://`). Throws ENGINE_HOST_UNSUPPORTED, ENGINE_HOST_SSH.
 */
export function parseEngineHost(text: string, { setting, socket }: EngineWords): EngineHost {
  const socketPath = /^unix:\/\/(\/.*)$/.exec(text)?.[1];
  if (socketPath !== undefined) return { name: text, url: "http://engine", socketPath };
  const url = URL.parse(text.replace(/^tcp:/, "http:"));
  if (url !== null && /^https?:$/.test(url.protocol) && url.host !== "") {
    return { name: `tcp://${url.host}`, url: url.origin };
  }
  const fields = { setting, socket, host: text.replace(/\/\/[^/@]*@/, "//") };
  throw sourceError(text.startsWith("ssh:") ? "ENGINE_HOST_SSH" : "ENGINE_HOST_UNSUPPORTED", { fields });
}
