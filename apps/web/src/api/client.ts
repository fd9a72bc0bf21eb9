/** What the server says when it does not do what was asked (contract: `{type, message, details[]}`). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly type: string;
  readonly details: readonly string[];

  constructor(status: number, { type, message, details }: ErrorBody) {
    super(message);
    this.status = status;
    this.type = type;
    this.details = details;
  }
}

interface ErrorBody {
  readonly type: string;
  readonly message: string;
  readonly details: readonly string[];
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Told `lost` when an answer says that nobody is signed in any more, `changed` when it is another session than before. */
export const sessionLost = new EventTarget();

/** The cookie's counterpart, sent with every change; known once signed in. */
let csrfToken = "";

export function rememberCsrfToken(token: string): void {
  csrfToken = token;
}

/**
 * Asks the API. `path` begins with `/` and is taken below the page's base, so that a prefix of a proxy stays. Throws
 * {@link ApiError}; one with status 0 when there was no answer at all.
 */
export async function ask<T>(path: string, { method = "GET", query = {}, body, signal }: Ask = {}): Promise<T> {
  const response = await fetch(addressOf(path, query), {
    method,
    headers: headersFor(method, body),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([AbortSignal.timeout(patience), ...(signal ? [signal] : [])]),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, { type: "UNREACHABLE", message: "The server does not answer", details: [] });
  });
  if (response.ok) return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
  const error = await errorOf(response);
  if (response.status === 401) sessionLost.dispatchEvent(new Event("lost"));
  // Somebody signed in anew in another window: the next attempt carries that session's word.
  if (error.type === "FORGED_REQUEST") sessionLost.dispatchEvent(new Event("changed"));
  throw error;
}

/** How long an answer may take to begin and to come in whole, in ms. */
const patience = 120_000;

/** The address of something to download, for a link. */
export function addressOf(path: string, query: Query = {}): string {
  const url = new URL(path.replace(/^\//, ""), document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url.href;
}

function headersFor(method: string, body: unknown): Record<string, string> {
  return {
    accept: "application/json",
    ...(body !== undefined && { "content-type": "application/json" }),
    ...(method !== "GET" && csrfToken !== "" && { "X-CSRF-Token": csrfToken }),
  };
}

async function errorOf(response: Response): Promise<ApiError> {
  const said: unknown = await response.json().catch(() => null);
  const body = typeof said === "object" && said !== null ? (said as Partial<ErrorBody>) : {};
  return new ApiError(response.status, {
    type: body.type ?? "UNKNOWN",
    message: body.message ?? `The server answered ${response.status}`,
    details: Array.isArray(body.details) ? body.details.map(String) : [],
  });
}
