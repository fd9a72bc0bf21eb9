import { existsSync } from "node:fs";
import { createHttpClient } from "@plimsoll/kit";
import { z } from "zod";
import type { World } from "../world.ts";
import { programFolder } from "./command-line.ts";

/** What is scanned first, and why just that. */
export interface FirstTarget {
  readonly source: string;
  readonly why: string;
}

/** Larger ones take too long for a first look. */
const largestImage = 500_000_000;
const patienceMs = 3000;

const packageDatabases = [
  "/var/lib/dpkg/status",
  "/lib/apk/db/installed",
  "/usr/lib/apk/db/installed",
  "/var/lib/rpm",
  "/usr/lib/sysimage/rpm",
];

/**
 * Something that is at hand without any network: the newest image of the local Docker engine, else this machine, else the
 * folder of the program.
 */
export async function firstTarget(env: World["env"]): Promise<FirstTarget> {
  const image = await newestImage(env).catch(() => null);
  if (image !== null) return { source: `docker://${image}`, why: "the newest image of the Docker engine here" };
  if (packageDatabases.some((path) => existsSync(path))) {
    return { source: "host:", why: "this machine: there is no Docker engine with an image" };
  }
  return { source: `dir:${programFolder()}`, why: "its own folder: there is neither an image nor a package database" };
}

/** Docker Engine API, `GET /images/json`. */
const images = z.array(
  z.object({
    RepoTags: z.array(z.string()).nullish(),
    Created: z.number(),
    Size: z.number(),
  }),
);

async function newestImage({ DOCKER_HOST }: World["env"]): Promise<string | null> {
  const socketPath = (DOCKER_HOST || "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");
  if (!socketPath.startsWith("/") || !existsSync(socketPath)) return null;
  using http = createHttpClient({ userAgent: "plimsoll", idleTimeoutMs: patienceMs });
  const signal = AbortSignal.timeout(patienceMs);
  const answer = await http.request({ url: "http://docker/images/json", socketPath, retries: 0, signal });
  if (answer.status !== 200) return null;
  const named = images.parse(await answer.json(16 * 2 ** 20)).flatMap(({ RepoTags, Created, Size }) => {
    const name = (RepoTags ?? []).find((tag) => !tag.includes("<none>"));
    return name === undefined || Size > largestImage ? [] : [{ name, Created }];
  });
  const [newest] = named.toSorted((a, b) => b.Created - a.Created || (a.name < b.name ? -1 : 1));
  return newest?.name ?? null;
}
