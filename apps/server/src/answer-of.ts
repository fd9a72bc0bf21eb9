import { messageOf, PlimsollError, plainText } from "@plimsoll/kit";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";

/** A failure as clients are told of it (contract 1.0). */
export interface ApiAnswer {
  readonly status: number;
  readonly body: { readonly type: string; readonly message: string; readonly details: readonly string[] };
}

/** Every failure in the contract's words; what is ours shows nothing of itself but the request's name in the log. */
export function answerOf(error: unknown, requestId: string): ApiAnswer {
  if (error instanceof PlimsollError) {
    return { status: error.status, body: { type: error.code, message: error.message, details: [error.next] } };
  }
  if (hasZodFastifySchemaValidationErrors(error)) return badRequest(error.validation);
  const status = statusOf(error);
  const known = words[status];
  if (status >= 500 || known === undefined) return internal(requestId);
  const [type, next] = known;
  return { status, body: { type, message: messageOf(error), details: [next] } };
}

type Issue = { readonly instancePath: string; readonly message?: string };

function badRequest(issues: readonly Issue[]): ApiAnswer {
  const details = issues.map(({ instancePath, message }) => plainText(`${instancePath || "/"}: ${message}`, 500));
  const message = "the request is not what this endpoint takes";
  return { status: 400, body: { type: "BAD_REQUEST", message, details: details.slice(0, mostDetails) } };
}

const mostDetails = 50;

function internal(requestId: string): ApiAnswer {
  const message = "something went wrong here; the log says what";
  return { status: 500, body: { type: "INTERNAL", message, details: [`request ${requestId}`] } };
}

/** What the HTTP framework refuses before anybody of ours is asked: type, and what to do. */
const words: Readonly<Record<number, readonly [type: string, next: string]>> = {
  400: ["BAD_REQUEST", "send a body that is what its content type says, and a path without broken escapes"],
  408: ["TOO_SLOW", "send the request again, faster or in smaller pieces"],
  413: ["TOO_LARGE", "send less at once; analyses go through /secure/vulnerability/v1/uploads, piece by piece"],
  414: ["PATH_TOO_LONG", "check the id in the path"],
  415: ["UNSUPPORTED_MEDIA_TYPE", "send application/json; pieces of uploads as application/octet-stream"],
  431: ["HEADERS_TOO_LARGE", "send fewer or shorter headers"],
  429: ["TOO_MANY_REQUESTS", "wait as long as Retry-After says"],
};

/** Fastify's own errors carry their status. */
function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : 500;
  return typeof status === "number" && status >= 400 ? status : 500;
}
