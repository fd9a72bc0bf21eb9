import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { tags } from "./openapi-tags.ts";
import type { Route } from "./route.ts";
import { tool } from "./tool.ts";

/** Where the page to browse the API is; the document is at `json` and `yaml` below it. */
const docsPath = "/api/docs";

const token = {
  type: "http",
  scheme: "bearer",
  description: "A token of a person or of a service account: `Authorization: Bearer TOKEN`",
} as const;
const session = {
  type: "apiKey",
  in: "cookie",
  name: "plimsoll",
  description: "A session of the web interface; whatever changes something needs its CSRF token too",
} as const;

const bytes = { type: "string", format: "binary" };

/** Collects the routes that are added after it into one OpenAPI 3.1 document. */
export async function collectOpenApi(app: FastifyInstance, routes: readonly Route[]): Promise<void> {
  const shown = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Plimsoll",
        version: tool.version,
        description: "Container vulnerability management. Errors are `{type, message, details}` everywhere.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: { securitySchemes: { token, session } },
      tags: tags.map((name) => ({ name })),
    },
    transform: (document) => {
      const { url, schema } = document;
      const route = shown.get(`${String(document.route.method)} ${url}`);
      const { schemas, status = 200, takes } = route ?? {};
      const response = { ...(schema?.response ?? {}), ...(schemas?.shows && { [status]: schemas.shows }) };
      const made = jsonSchemaTransform({ ...document, schema: { ...schema, response } });
      return takes === "bytes" ? { ...made, schema: { ...made.schema, body: bytes } } : made;
    },
    transformObject: (document) => ({
      ...jsonSchemaTransformObject(document),
      // From the document's own place up to the root, whatever path a proxy puts before it.
      servers: [{ url: "../.." }],
    }),
  });
}

/** Nothing from elsewhere, nothing inline; not to be framed. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A line through a circle: how deep a ship may lie. */
const mark =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" fill="none" stroke="#fff" stroke-width="3"><circle cx="20" cy="20" r="11"/><path d="M2 20h36"/></svg>';

/** The document, and a page to browse it that needs nothing from the network. */
export async function addDocsPage(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: docsPath,
    staticCSP: policy,
    logo: { type: "image/svg+xml", content: mark },
    theme: { title: "Plimsoll API" },
    uiConfig: { deepLinking: true, docExpansion: "list", filter: true, tryItOutEnabled: false },
    validatorUrl: false,
    uiHooks: {
      // What the page loads it names relative to its own place, which works behind any path a proxy puts before it.
      onRequest: (request, reply, done) => {
        if ((request.originalUrl.split("?", 1)[0] ?? "").endsWith(docsPath)) void reply.redirect("docs/");
        else done();
      },
    },
  });
}
