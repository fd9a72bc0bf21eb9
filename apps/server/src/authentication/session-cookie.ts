import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * The cookie that holds a session's secret: no script reads it, no other site sends it. Over TLS its name keeps it from
 * being set by neighbours (RFC 6265bis, 4.1.3.2).
 */
function nameOf({ protocol }: FastifyRequest): string {
  return protocol === "https" ? "__Host-plimsoll" : "plimsoll";
}

const form = /^pls_[\w-]{43}$/;

/** The secret that a request came with. */
export function sessionSecret(request: FastifyRequest): string | null {
  const value = request.cookies[nameOf(request)];
  return value !== undefined && form.test(value) ? value : null;
}

function traits({ protocol }: FastifyRequest) {
  return { path: "/", httpOnly: true, sameSite: "strict", secure: protocol === "https" } as const;
}

/** Gives the browser a session until then (ms since the epoch). */
export function giveSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { text, expiresAt }: { readonly text: string; readonly expiresAt: number },
): void {
  void reply.setCookie(nameOf(request), text, { ...traits(request), expires: new Date(expiresAt) });
}

/** Takes its session away. */
export function takeSession(request: FastifyRequest, reply: FastifyReply): void {
  void reply.clearCookie(nameOf(request), traits(request));
}
