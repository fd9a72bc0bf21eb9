import { isCsrfTokenOf, platformError } from "@plimsoll/platform";
import type { FastifyRequest } from "fastify";

const harmless = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what another site's page has a browser send with its cookies. Three walls, each enough by itself: the cookie is
 * SameSite=Strict; the browser says where the request comes from (Sec-Fetch-Site, else Origin); and whoever changes
 * something must know the session's token, which other sites cannot read. Throws FORGED_REQUEST.
 */
export function refuseForged(request: FastifyRequest, session: string): void {
  if (harmless.has(request.method)) return;
  refuseOtherSites(request);
  const token = request.headers["x-csrf-token"];
  if (typeof token !== "string" || !isCsrfTokenOf(session, token)) throw forged("its X-CSRF-Token is missing or wrong");
}

/** The first two walls alone: for signing in, where there is no session yet. */
export function refuseOtherSites(request: FastifyRequest): void {
  if (harmless.has(request.method)) return;
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) {
    if (site !== "same-origin" && site !== "none") throw forged(`it comes from another site (${site})`);
    return;
  }
  // Older browsers, and all of them over plain http.
  const { origin } = request.headers;
  const own = hostOf(`${request.protocol}://${request.host}`);
  if (origin !== undefined && hostOf(origin) !== own) throw forged(`it comes from ${origin}`);
}

/** Without the port that goes without saying. */
function hostOf(origin: string): string | null {
  return URL.parse(origin)?.host ?? null;
}

function forged(why: string) {
  return platformError("FORGED_REQUEST", { fields: { why } });
}
