import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { firstTarget } from "./first-target.ts";

/** An engine that answers every question with this. */
async function engine(status: number, body: string) {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-engine-"));
  const socket = join(folder, "docker.sock");
  const server = createServer((_, answer) => answer.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    env: { DOCKER_HOST: `unix://${socket}` },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const image = (RepoTags: readonly string[] | null, Created: number, Size: number) => ({ RepoTags, Created, Size });

describe("the first target", () => {
  it("is the newest named image of the Docker engine that is not too large", async () => {
    await using docker = await engine(
      200,
      JSON.stringify([
        image(null, 90, 1),
        image(["<none>:<none>"], 80, 1),
        image(["huge:1"], 70, 3e9),
        image(["shop/web:2", "shop/web:latest"], 60, 1e8),
        image(["old:1"], 10, 1),
      ]),
    );
    expect(await firstTarget(docker.env)).toMatchObject({ source: "docker://shop/web:2" });
  });

  it.each([
    ["has no image", 200, "[]"],
    ["says something else", 200, '{"message":"no"}'],
    ["is out of order", 500, "[]"],
    ["speaks no JSON", 200, "<html>"],
  ])("is found on this machine when the engine %s", async (_, ...[status, body]) => {
    await using docker = await engine(status, body);
    expect((await firstTarget(docker.env)).source).toMatch(/^host:$|^dir:\//);
  });

  it.each(["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1", "ssh://host", ""].map((host) => [host]))(
    "does not wait for an engine at %j",
    async (DOCKER_HOST) => {
      expect((await firstTarget({ DOCKER_HOST })).source).toMatch(/^(host:|dir:\/|docker:\/\/)/);
    },
  );
});
