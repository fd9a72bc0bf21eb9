import type { HttpClient, Limits } from "@plimsoll/kit";
import { openFromEngine } from "../engine/engine-api.ts";
import type { OpenedImage } from "../entry.ts";
import type { PlatformWish } from "../image/choose-manifest.ts";
import { type DockerSettings, dockerEndpoint, dockerWords } from "./docker-endpoint.ts";

export interface OpenDockerOptions {
  readonly http: HttpClient;
  readonly docker: DockerSettings;
  readonly limits: Limits;
  readonly wish: PlatformWish;
}

/**
 * Opens an image that a docker engine (or what speaks its API) has: by name, tag, digest or image id. Throws
 * DAEMON_UNREACHABLE, ENGINE_DENIED, NO_SUCH_IMAGE, AMBIGUOUS_NAME, DAEMON_FAILED, PLATFORM_NOT_FOUND and what
 * {@link dockerEndpoint} throws.
 */
export async function openDocker(text: string, options: OpenDockerOptions): Promise<OpenedImage> {
  const host = await dockerEndpoint(options.docker);
  const { http, limits, wish } = options;
  return openFromEngine(text, {
    http,
    host,
    limits,
    wish,
    words: dockerWords,
    transport: "docker",
    base: "",
    archiveQuery: "",
  });
}
