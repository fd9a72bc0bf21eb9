import { createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** How the proxy behaves; by default it leads everybody anywhere. */
export type TestProxyOptions = {
  /** `user:password` that it asks for. */
  readonly credentials?: string;
  /** `host:port` as asked for → `host:port` where it leads: names that exist nowhere else. */
  readonly routes?: Readonly<Record<string, string>>;
  /** What it does with CONNECT instead of its work. */
  readonly tunnels?: "hang" | "refuse" | "cut";
};

/** A forward proxy on a loopback port: CONNECT, and absolute addresses for http. */
export type TestProxy = AsyncDisposable & {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `CONNECT host:port` and `GET http://…`, in their order. */
  readonly requests: readonly string[];
};

/** Starts a proxy; hold it with `await using`. */
export async function startTestProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const routed = (host: string): { host: string; port: number } => {
    const [name = "", port = "80"] = (options.routes?.[host] ?? host).split(":");
    return { host: name, port: Number(port) };
  };
  const isAdmitted = ({ headers }: IncomingMessage): boolean => {
    const wanted = `Basic ${Buffer.from(options.credentials ?? "").toString("base64")}`;
    return options.credentials === undefined || headers["proxy-authorization"] === wanted;
  };
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (isAdmitted(request)) forward(request, response, routed);
    else response.writeHead(407, { "proxy-authenticate": "Basic" }).end("not you");
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    requests.push(`CONNECT ${request.url}`);
    socket.on("error", () => undefined);
    if (options.tunnels === "hang") return;
    if (options.tunnels === "cut") return void socket.destroy();
    const status = options.tunnels === "refuse" ? "403 Forbidden" : isAdmitted(request) ? null : "407 Who are you";
    if (status !== null) return void socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
    const onward = connect(routed(request.url ?? ""), () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward);
    onward.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Routed = (host: string) => { readonly host: string; readonly port: number };

function forward(request: IncomingMessage, response: ServerResponse, routed: Routed): void {
  const url = new URL(request.url ?? "");
  const { method = "GET", headers } = request;
  const target = routed(`${url.hostname}:${url.port || 80}`);
  const onward = requestHttp({ ...target, method, path: url.pathname + url.search, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}
