import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp2, type Http2Server, type ServerHttp2Stream } from "node:http2";
import { createServer as createNet, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { GrpcConnection } from "./grpc.ts";

const folder = mkdtempSync(join(tmpdir(), "plim-g-"));
const servers: (Http2Server | Server)[] = [];
let count = 0;
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function serve(server: Http2Server | Server): Promise<string> {
  const path = join(folder, `${++count}.sock`);
  servers.push(server);
  server.listen(path);
  await once(server, "listening");
  return path;
}

type Answer = (stream: ServerHttp2Stream, request: Buffer) => void;

async function grpc(answer: Answer): Promise<string> {
  const server = createHttp2();
  server.on("stream", (stream) => {
    const chunks: Buffer[] = [];
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => answer(stream, Buffer.concat(chunks)));
  });
  return serve(server);
}

const head = { ":status": 200, "content-type": "application/grpc" };

function framed(text: string | Buffer, flag = 0): Buffer {
  const bytes = Buffer.from(text);
  const frame = Buffer.alloc(5 + bytes.length, flag);
  frame.writeUInt32BE(bytes.length, 1);
  bytes.copy(frame, 5);
  return frame;
}

/** Answers with the chunks, then with a status behind them. */
function answerWith(chunks: readonly Buffer[], trailers: Record<string, string> = { "grpc-status": "0" }): Answer {
  return (stream) => {
    stream.respond(head, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
  };
}

async function ask(socketPath: string, patienceMs = 5000): Promise<string[]> {
  using connection = new GrpcConnection({ socketPath, messageBytes: 1000, patienceMs });
  const seen: string[] = [];
  for await (const message of connection.stream({ method: "/a.B/C", message: Buffer.from("hi"), metadata: {} })) {
    seen.push(message.toString());
  }
  return seen;
}

describe("GrpcConnection", () => {
  it("sends one message and gives all answers, however they are cut", async () => {
    const whole = Buffer.concat([framed("one"), framed(""), framed("x".repeat(1000))]);
    const cut = [whole.subarray(0, 2), whole.subarray(2, 9), whole.subarray(9, 500), whole.subarray(500)];
    let request = "";
    const socket = await grpc((stream, bytes) => {
      request = bytes.toString("latin1");
      answerWith(cut)(stream, bytes);
    });
    expect(await ask(socket)).toEqual(["one", "", "x".repeat(1000)]);
    expect(request).toBe("\0\0\0\0\x02hi");
  });

  it("tells a status of the call, behind the answer or in its place", async () => {
    const behind = await grpc(answerWith([framed("one")], { "grpc-status": "5", "grpc-message": "no such blob" }));
    await expect(ask(behind)).rejects.toMatchObject({ status: 5, message: "no such blob" });
    const alone = await grpc((stream) => stream.respond({ ...head, "grpc-status": "7" }, { endStream: true }));
    await expect(ask(alone)).rejects.toMatchObject({ status: 7 });
  });

  it("several calls share a connection, and one that is left early ends", async () => {
    const socket = await grpc(answerWith([framed("one"), framed("two")]));
    using connection = new GrpcConnection({ socketPath: socket, messageBytes: 1000, patienceMs: 5000 });
    const call = { method: "/a.B/C", message: Buffer.alloc(0), metadata: {} };
    const all = await Promise.all([1, 2, 3].map(() => connection.unary(call)));
    expect(all.map(String)).toEqual(["one", "one", "one"]);
    const stop = new AbortController();
    const silent = await grpc(() => setTimeout(() => stop.abort(new Error("enough")), 20));
    using other = new GrpcConnection({ socketPath: silent, messageBytes: 1000, patienceMs: 5000 });
    await expect(other.unary({ ...call, signal: stop.signal })).rejects.toThrow("enough");
  });

  it("says that nobody listens", async () => {
    await expect(ask(join(folder, "none.sock"))).rejects.toMatchObject({ status: -1, system: "ENOENT" });
    writeFileSync(join(folder, "file.sock"), "");
    await expect(ask(join(folder, "file.sock"))).rejects.toMatchObject({ status: -1, system: "ECONNREFUSED" });
  });
});

describe("what answers is hostile", () => {
  it.each<[string, Answer, RegExp]>([
    ["a message beyond the limit", answerWith([framed("x".repeat(1001))]), /1001 bytes is too large/],
    ["a message of four gigabytes", answerWith([Buffer.from([0, 255, 255, 255, 255])]), /too large/],
    ["compressed messages", answerWith([framed("one", 1)]), /compresses/],
    ["an end within a message", answerWith([framed("one").subarray(0, 7)]), /broke off/],
    ["no status", answerWith([framed("one")], {}), /without a status/],
    ["a status that is no number", answerWith([framed("one")], { "grpc-status": "ok" }), /.*/],
    [
      "a page",
      (stream) => {
        stream.respond({ ":status": 200, "content-type": "text/html" });
        stream.end("<html>");
      },
      /not gRPC/,
    ],
    [
      "a failure of HTTP",
      (stream) => {
        stream.respond({ ":status": 502 }, { endStream: true });
      },
      /not gRPC/,
    ],
    [
      "a stream that is reset",
      (stream) => {
        stream.respond(head);
        stream.close(2);
      },
      /.*/,
    ],
    [
      "a connection that is cut",
      (stream) => {
        stream.respond(head);
        stream.write(framed("one"));
        stream.session?.destroy();
      },
      /.*/,
    ],
  ])("%s", async (_, answer, words) => {
    await expect(ask(await grpc(answer))).rejects.toMatchObject({ status: -1, message: expect.stringMatching(words) });
  });

  it("silence ends when patience does", async () => {
    const socket = await grpc(() => undefined);
    await expect(ask(socket, 100)).rejects.toMatchObject({ status: -1, message: expect.stringMatching(/silence/) });
  });

  it("a drip of bytes ends too", async () => {
    const socket = await grpc(async (stream) => {
      stream.respond(head);
      for (const byte of framed("x".repeat(900))) {
        if (stream.destroyed) return;
        stream.write(Buffer.from([byte]));
        await wait(20);
      }
    });
    await expect(ask(socket, 200)).rejects.toMatchObject({ status: -1, message: expect.stringMatching(/less than/) });
  });

  it("a socket that speaks something else", async () => {
    const socket = await serve(
      createNet((connection) => connection.on("error", () => undefined).end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    await expect(ask(socket)).rejects.toMatchObject({ status: -1 });
  });

  it("a socket that accepts and says nothing", async () => {
    const socket = await serve(createNet((connection) => void connection.on("error", () => undefined)));
    await expect(ask(socket, 100)).rejects.toMatchObject({ status: -1 });
  });
});
