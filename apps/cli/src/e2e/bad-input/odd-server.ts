import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";

/** A server on a loopback port that answers as it was told. */
export interface OddServer extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `METHOD path authorization` of every request so far. */
  readonly requests: readonly string[];
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers HTTP requests by `answer`; `GET /v2/` always says that a registry is here. */
export async function startOddRegistry(answer: Answer): Promise<OddServer> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? "-"}`);
    if (request.url === "/v2/") return void response.end("{}");
    answer(request, response);
  });
  const host = await listen(server);
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { host, requests, [Symbol.asyncDispose]: stop };
}

/** Speaks no HTTP: `answer` gets the bare connection. */
export async function startOddPort(answer: (socket: Socket) => void): Promise<OddServer> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    answer(socket);
  });
  const host = await listen(server);
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { host, requests: [], [Symbol.asyncDispose]: stop };
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Writes the same piece again and again for as long as somebody takes it. */
export function pourInto(response: ServerResponse, piece: Buffer): void {
  response.on("error", () => undefined);
  const pour = (): void => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once("drain", () => setImmediate(pour));
  };
  pour();
}
