import { sourceError } from "../errors.ts";

/** Where a docker engine listens. */
export interface DockerHost {
  /** Shown to people. */
  readonly name: string;
  /** Base of request addresses. */
  readonly url: string;
  readonly socketPath?: string;
}

/** Where docker listens unless DOCKER_HOST says otherwise. */
export const defaultDockerHost = "unix:///var/run/docker.sock";

/** Reads a DOCKER_HOST value: `unix:///path`, `tcp://host:port` (also `http://`, `https://`). Throws DOCKER_HOST_UNSUPPORTED. */
export function parseDockerHost(text: string): DockerHost {
  const socketPath = /^unix:\/\/(\/.*)$/.exec(text)?.[1];
  if (socketPath !== undefined) return { name: text, url: "http://docker", socketPath };
  const url = URL.parse(text.replace(/^tcp:/, "http:"));
  if (url !== null && /^https?:$/.test(url.protocol) && url.host !== "") {
    return { name: `tcp://${url.host}`, url: url.origin };
  }
  throw sourceError("DOCKER_HOST_UNSUPPORTED", { fields: { host: text.replace(/\/\/[^/@]*@/, "//") } });
}
