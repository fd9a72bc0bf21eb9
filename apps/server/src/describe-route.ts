import { apiError } from "@plimsoll/contract";
import type { FastifySchema } from "fastify";
import { z } from "zod";
import { tagOf } from "./openapi-tags.ts";
import type { Route } from "./route.ts";

/** What a route takes and gives: checked on the way, and shown in the API's documentation. */
export function schemaOf(route: Route): FastifySchema {
  const { params, query, body } = route.schemas;
  return {
    summary: route.summary,
    tags: [tagOf(route)],
    operationId: operationOf(route),
    description: descriptionOf(route),
    security: route.permission === "nobody" ? [] : [{ token: [] }, { session: [] }],
    ...(route.takes === "bytes" && { consumes: ["application/octet-stream"] }),
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response: { ...errorsOf(route), ...successOf(route), ...route.errors },
  };
}

/** `GET /secure/vulnerability/v1/results/:resultId` → `get-secure-vulnerability-v1-results-resultId`. */
function operationOf({ method, path }: Route): string {
  const words = path.split("/").map((part) => part.replace(/^:/, ""));
  return [method.toLowerCase(), ...words.filter((word) => word !== "")].join("-");
}

function descriptionOf({ permission, description }: Route): string {
  const needs =
    permission === "nobody"
      ? "Open to everybody."
      : permission === "signed-in"
        ? "Needs any valid token or session."
        : `Needs the permission \`${permission}\`.`;
  return description === undefined ? needs : `${description}\n\n${needs}`;
}

function successOf({ schemas: { answer }, status = 200, gives }: Route): Record<number, unknown> {
  // Of an endpoint that is not built yet nothing but errors comes.
  if (status === 501) return {};
  if (answer === undefined) return { [status]: z.null().describe("Done") };
  if (gives === undefined) return { [status]: answer };
  const content = Object.fromEntries(gives.map((mediaType) => [mediaType, { schema: answer }]));
  return { [status]: { description: "As the Accept header asks", content } };
}

function errorsOf({ permission, schemas, takes, status }: Route): Record<number, z.ZodType> {
  const { params, query, body } = schemas;
  const sends = body !== undefined || takes === "bytes";
  const statuses = [
    ...(params || query || sends ? [400] : []),
    ...(permission === "nobody" ? [] : [401]),
    ...(permission === "nobody" || permission === "signed-in" ? [] : [403]),
    ...(params ? [404] : []),
    ...(sends ? [413, 415] : []),
    ...(status === 501 ? [501] : []),
    429,
    500,
    503,
  ];
  return Object.fromEntries(statuses.map((one) => [one, apiError.describe(meanings[one] ?? "")]));
}

const meanings: Readonly<Record<number, string>> = {
  400: "The request is not what this endpoint takes",
  401: "No valid token or session",
  403: "The role lacks the permission",
  404: "There is no such thing, or it is not the caller's to see",
  413: "The body is too large",
  415: "The body is of another media type",
  429: "Too many requests; Retry-After says when to come again",
  500: "Our fault; details name the request in the log",
  501: "Not built yet; details say what brings it",
  503: "The store or the knowledge cannot answer at the moment",
};
