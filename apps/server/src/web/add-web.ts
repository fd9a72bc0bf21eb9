import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { readWebFiles, type WebFile } from "./web-files.ts";

interface WebPlace {
  /** Folder of the built pages. */
  readonly folder: string;
  /** Path that a proxy puts before everything, "" for none. */
  readonly basePath: string;
  /** For words that nobody can guess. */
  readonly random: (bytes: number) => Uint8Array;
}

/** Below these the API answers for itself, also that there is nothing. */
const apiPath = /^\/(?:api|secure|platform|metrics|healthz|readyz)(?:\/|$)/;

/** Serves the web interface: its files, and its one document for every page. Nothing happens where it was not built. */
export function addWeb(app: FastifyInstance, place: WebPlace): void {
  if (!existsSync(join(place.folder, "index.html"))) return;
  const files = readWebFiles(place.folder);
  const page = files.get("index.html")?.plain.toString() ?? "";
  app.get("/*", { schema: { hide: true } }, async (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "/";
    const file = files.get(path.slice(1));
    if (file !== undefined && path !== "/index.html") return sendFile(request, reply, file);
    if (apiPath.test(path) || path.startsWith("/assets/") || !wantsPage(request, path)) return reply.callNotFound();
    return sendPage(reply, page, place);
  });
}

/** Programs that try a path which is none of ours must not take a page for its answer. */
function wantsPage({ headers }: FastifyRequest, path: string): boolean {
  return path === "/" || /\btext\/html\b/.test(headers.accept ?? "");
}

function sendFile({ headers }: FastifyRequest, reply: FastifyReply, file: WebFile): FastifyReply {
  const accepted = headers["accept-encoding"] ?? "";
  const encoding = /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : null;
  void reply
    .header("vary", "accept-encoding")
    .header("cache-control", file.isForEver ? "public, max-age=31536000, immutable" : "no-cache");
  if (encoding !== null) void reply.header("content-encoding", encoding);
  return reply.type(file.type).send(file[encoding ?? "plain"]);
}

/** The document, with the place it is at and a word of its own for the styles that the page makes while it runs. */
function sendPage(reply: FastifyReply, page: string, { basePath, random }: WebPlace): FastifyReply {
  const nonce = Buffer.from(random(18)).toString("base64url");
  const html = page
    .replace('<base href="/" />', `<base href="${basePath}/" />`)
    .replace("</title>", `</title>\n    <meta name="style-nonce" content="${nonce}" />`);
  return reply
    .headers({ "content-security-policy": policyWith(nonce), "cache-control": "no-store" })
    .type("text/html; charset=utf-8")
    .send(html);
}

/** Nothing from elsewhere, nothing inline but styles that carry the word; not to be framed. */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
