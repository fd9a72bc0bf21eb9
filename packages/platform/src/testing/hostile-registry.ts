import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestImage } from "@plimsoll/testkit";

/** What it does to whoever pulls. */
export type Hostility =
  | "endless manifest"
  | "endless token"
  | "endless layer"
  | "manifest that drips"
  | "redirect into the private network"
  | "redirect to a file"
  | "token server in the private network"
  | "token server of a file";

/** A registry with one image under every name, that means harm. */
export interface HostileRegistry extends AsyncDisposable {
  readonly host: string;
  readonly sentBytes: () => number;
}

export async function startHostileRegistry(image: TestImage, kind: Hostility): Promise<HostileRegistry> {
  let sent = 0;
  const counted = (bytes: number): void => {
    sent += bytes;
  };
  const server = createServer((request, response) => answer({ request, response, image, kind, counted }));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    sentBytes: () => sent,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly image: TestImage;
  readonly kind: Hostility;
  readonly counted: (bytes: number) => void;
}

function answer(exchange: Exchange): void {
  const { request, response, image, kind, counted } = exchange;
  const path = request.url ?? "";
  const realm = realms[kind]?.(request.headers.host ?? "");
  if (path === "/v2/") return void response.end("{}");
  if (path.startsWith("/token")) return endless(response, counted);
  if (realm !== undefined) {
    return void response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="s"` }).end();
  }
  if (path.includes("/manifests/")) return answerManifest(exchange);
  if (path.endsWith(image.config.digest)) return void response.end(image.config.bytes);
  if (kind === "endless layer") return endless(response, counted);
  response.end(image.layers.find(({ digest }) => path.endsWith(digest))?.bytes);
}

const realms: Partial<Record<Hostility, (host: string) => string>> = {
  "endless token": (host) => `http://${host}/token`,
  "token server in the private network": () => "http://10.0.0.1/token",
  "token server of a file": () => "file:///etc/passwd",
};

const targets: Partial<Record<Hostility, string>> = {
  "redirect into the private network": "http://10.0.0.1/secret",
  "redirect to a file": "file:///etc/passwd",
};

function answerManifest({ response, image, kind, counted }: Exchange): void {
  const location = targets[kind];
  if (location !== undefined) return void response.writeHead(307, { location }).end();
  if (kind === "endless manifest") return endless(response, counted);
  if (kind !== "manifest that drips") {
    return void response.setHeader("content-type", image.manifest.mediaType).end(image.manifest.bytes);
  }
  const timer = setInterval(() => response.write(" "), 200);
  response.on("close", () => clearInterval(timer));
}

/** As much as the other side takes. */
function endless(response: ServerResponse, counted: (bytes: number) => void): void {
  const piece = Buffer.alloc(65_536, "x");
  const go = (): void => {
    while (!response.destroyed) {
      counted(piece.length);
      if (!response.write(piece)) return void response.once("drain", go);
    }
  };
  go();
}
