import { createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { FaultPlan, type RegistryFault, sendWith } from "./registry-faults.ts";
import { testCertificates } from "./test-certificates.ts";

/** A page in place of an answer, as login pages and gateways give it. */
export type FrontPage = {
  readonly match: RegExp;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};

export type FaultyFrontOptions = {
  /** `http://127.0.0.1:PORT` of the real server behind it. */
  readonly target: string;
  /** Speaks https with {@link testCertificates}. */
  readonly tls?: true;
  /** What spoils answers; the server behind has done its work by then, unless the fault is a status. */
  readonly faults?: readonly RegistryFault[];
  readonly pages?: readonly FrontPage[];
};

/** A server that stands before a real one and spoils some of its answers. Hold it with `await using`. */
export type FaultyFront = AsyncDisposable & {
  readonly url: string;
  /** `METHOD /path?query` in their order, with what the server behind answered (0: it was not asked). */
  readonly requests: readonly { readonly line: string; readonly status: number }[];
};

/** Starts a front on a free loopback port. */
export async function startFaultyFront(options: FaultyFrontOptions): Promise<FaultyFront> {
  const plan = new FaultPlan();
  for (const fault of options.faults ?? []) plan.add(fault);
  const requests: { line: string; status: number }[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const line = `${request.method} ${request.url}`;
    const page = options.pages?.find(({ match }) => match.test(line));
    const fault = plan.take(line);
    if (page !== undefined || fault?.kind === "status") {
      requests.push({ line, status: 0 });
      request.resume();
      const { status, headers } = page ?? (fault?.kind === "status" ? fault : { status: 500, headers: {} });
      response.writeHead(status, headers).end(page?.body ?? "");
      return;
    }
    const answer = await answerOf(options.target, request);
    requests.push({ line, status: answer.status });
    response.writeHead(answer.status, { "content-type": answer.type, "content-length": answer.body.length });
    await sendWith(fault, { response, body: answer.body });
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch(() => response.destroy());
  };
  const { cert, key } = testCertificates.server;
  const server = options.tls ? createSecureServer({ cert, key }, listener) : createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? "https" : "http"}://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Answer = { readonly status: number; readonly type: string; readonly body: Buffer };

function answerOf(target: string, request: IncomingMessage): Promise<Answer> {
  const { method = "GET", url = "/", headers } = request;
  return new Promise((resolve, reject) => {
    const onward = requestHttp(new URL(url, target), { method, headers }, (answer) => {
      const type = answer.headers["content-type"] ?? "";
      buffer(answer).then((body) => resolve({ status: answer.statusCode ?? 502, type, body }), reject);
    });
    onward.on("error", reject);
    request.pipe(onward);
  });
}
