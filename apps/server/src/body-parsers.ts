import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { UploadRoom } from "./operation/upload-room.ts";

/** What bodies are read as: JSON and, for uploads, bytes. */
export function addBodyParsers(app: FastifyInstance, room: UploadRoom): void {
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser("application/octet-stream", (request: FastifyRequest, payload: IncomingMessage) =>
    room.read(request, payload),
  );
  const parseJson = app.getDefaultJsonParser("error", "error");
  // Terraform calls the body of every request JSON, also where it sends none.
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) =>
    body === "" ? done(null, undefined) : parseJson(request, body.toString(), done),
  );
}
