import { largestUpload } from "@plimsoll/platform";
import type { FastifyInstance } from "fastify";

/** What bodies are read as: JSON and, for uploads, bytes. */
export function addBodyParsers(app: FastifyInstance): void {
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser(
    "application/octet-stream",
    { parseAs: "buffer", bodyLimit: largestUpload },
    (_, body, done) => done(null, body),
  );
  const parseJson = app.getDefaultJsonParser("error", "error");
  // Terraform calls the body of every request JSON, also where it sends none.
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) =>
    body === "" ? done(null, undefined) : parseJson(request, body.toString(), done),
  );
}
