import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { PlimsollError } from "@plimsoll/kit";
import { largestUpload } from "@plimsoll/platform";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { addBodyParsers } from "../body-parsers.ts";
import { uploadRoom } from "./upload-room.ts";

/** A server that keeps what it acknowledges, slowly. */
async function keeper(most: number) {
  const room = uploadRoom(most);
  const app = Fastify();
  const kept = new Set<string>();
  let held = 0;
  let mostHeld = 0;
  addBodyParsers(app, room);
  app.setErrorHandler((error, _, reply) => {
    if (!(error instanceof PlimsollError)) return reply.send(error);
    return reply.code(503).header("retry-after", String(error.fields.seconds)).send({ type: error.code });
  });
  app.route({
    method: "PUT",
    url: "/:name",
    onRequest: async (asked, reply) => room.enter(asked, reply),
    handler: async ({ params, body }) => {
      const bytes = body as Buffer;
      held += bytes.length;
      mostHeld = Math.max(mostHeld, held);
      await wait(20);
      kept.add((params as { name: string }).name);
      held -= bytes.length;
      return { received: bytes.length };
    },
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { url, kept, mostHeld: () => mostHeld, [Symbol.asyncDispose]: () => app.close() };
}

const type = { "content-type": "application/octet-stream" };
const body = Buffer.alloc(64 * 1024, "x");

describe("room for uploads", () => {
  it("a thousand at once: some are told to come again, memory stays bounded, all that was acknowledged is kept", async () => {
    const most = 2 ** 20;
    await using server = await keeper(most);
    const agent = new Agent({ keepAlive: true });
    const send = async (name: string) => {
      const asked = request(`${server.url}/${name}`, { method: "PUT", agent, headers: type });
      asked.end(body);
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      response.resume();
      await once(response, "end");
      return { status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] };
    };
    let sentAway = 0;
    const acknowledged = new Set<string>();
    const client = async (name: string): Promise<void> => {
      for (let left = 200; left > 0; left--) {
        // A connection that is closed while its body is on the way says as much as a 503.
        const { status, retryAfter } = await send(name).catch(() => ({ status: 503, retryAfter: "2" }));
        if (status === 200) return void acknowledged.add(name);
        expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: "2" });
        sentAway++;
        await wait(20 + Math.random() * 200);
      }
    };
    await Promise.all(Array.from({ length: 1000 }, (_, n) => client(`upload-${n}`)));
    agent.destroy();
    expect(acknowledged.size).toBe(1000);
    expect([...acknowledged].filter((name) => !server.kept.has(name))).toEqual([]);
    expect(sentAway).toBeGreaterThan(0);
    expect(server.mostHeld()).toBeLessThanOrEqual(most);
  }, 60_000);

  it("who only says how much will come takes no room from others; what is too large is refused before it is read", async () => {
    await using server = await keeper(2 ** 20);
    const slow = Array.from({ length: 8 }, (_, n) => {
      const headers = { ...type, "content-length": largestUpload };
      const asked = request(`${server.url}/slow-${n}`, { method: "PUT", headers });
      asked.on("error", () => undefined);
      asked.write("a beginning");
      return asked;
    });
    await wait(100);
    const answer = await fetch(`${server.url}/quick`, { method: "PUT", headers: type, body });
    expect(answer.status).toBe(200);
    for (const asked of slow) asked.destroy();
    const large = request(`${server.url}/large`, {
      method: "PUT",
      headers: { ...type, "content-length": largestUpload + 1 },
    });
    large.on("error", () => undefined);
    large.write("x");
    const [response] = (await once(large, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    large.destroy();
  });

  it("one alone may be as large as any, however small the room; without a length too", async () => {
    await using server = await keeper(1);
    async function* parts() {
      yield body;
      yield body;
    }
    const sent = { method: "PUT", headers: type, body: ReadableStream.from(parts()), duplex: "half" } as const;
    const answer = await fetch(`${server.url}/alone`, sent);
    expect([answer.status, await answer.json()]).toEqual([200, { received: 2 * body.length }]);
  });
});
