import { createHash, timingSafeEqual } from "node:crypto";

/**
 * What a page must send beside the session's cookie to change something: derived from the cookie's secret, which the page
 * cannot read, and told in answers, which other sites cannot read (OWASP: HMAC based token pattern).
 */
export function csrfTokenOf(session: string): string {
  return createHash("sha256").update(`csrf ${session}`).digest("base64url");
}

/** Whether a token belongs to a session. */
export function isCsrfTokenOf(session: string, token: string): boolean {
  const expected = Buffer.from(csrfTokenOf(session));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
