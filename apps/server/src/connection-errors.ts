import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerOf } from "./answer-of.ts";

/** What the router refuses before a route is found: broken escapes, parameters without end. */
export function tellRouterError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = answerOf(error, request.id);
  void reply.code(status).send(body);
}

/** What is no HTTP, or comes too slowly: told on the connection itself, which is then closed (Node docs, `clientError`). */
export function tellConnectionError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const status = statuses[error.code ?? ""] ?? 400;
  const { body } = answerOf(
    Object.assign(new Error("this is no HTTP request that is read here"), { statusCode: status }),
    "",
  );
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(text)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};
