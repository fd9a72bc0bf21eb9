import type { HttpClient, HttpResponse } from "@plimsoll/kit";
import { PlimsollError, plainText } from "@plimsoll/kit";
import { cliError } from "../errors.ts";

/** A platform and the right to speak to it. */
export interface Platform {
  /** `--apiurl`; slashes at its end are ignored. */
  readonly url: string;
  readonly token: string;
  readonly http: HttpClient;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Longest wait for one answer, all attempts together. */
  readonly seconds: number;
}

/** One question; everything asked here may be asked again: pieces, layers and scans are named by what they are. */
export interface Question {
  readonly method: "GET" | "PUT" | "POST";
  /** Below {@link root}. */
  readonly path: string;
  /** Bytes, or what is sent as JSON. */
  readonly body?: Uint8Array | object;
  /** The platform works for long before it answers. */
  readonly isLong?: true;
  /** How it should answer: the Prefer header (RFC 7240). */
  readonly prefer?: string;
}

const root = "/secure/vulnerability/v1";
/** Most bytes of an answer. */
const largestAnswer = 256 * 2 ** 20;
/** Times that a question is asked again whose answer broke off. */
const repetitions = 2;

/** An answer that is none of success. */
export interface Refusal {
  readonly status: number;
  /** The contract's word for it; "" where the body has none. */
  readonly type: string;
  readonly message: string;
  readonly details: readonly string[];
}

/**
 * Asks, and reads the JSON of a success; `expected` may answer for a refusal. Throws PLATFORM_TOKEN, PLATFORM_BUSY,
 * PLATFORM_FAILED, PLATFORM_REFUSED, PLATFORM_TIMEOUT, and what the HTTP client throws.
 */
export async function ask<T = never>(
  platform: Platform,
  question: Question,
  expected: (refusal: Refusal) => T | null = () => null,
): Promise<unknown | T> {
  const deadline = AbortSignal.timeout(platform.seconds * 1000);
  const timed = { ...platform, signal: AbortSignal.any([platform.signal, deadline]) };
  try {
    return await untilWhole(() => exchange(timed, question, expected));
  } catch (error) {
    if (!deadline.aborted || platform.signal.aborted) throw error;
    throw cliError("PLATFORM_TIMEOUT", { fields: { seconds: platform.seconds }, cause: error });
  }
}

async function exchange<T>(
  platform: Platform,
  question: Question,
  expected: (refusal: Refusal) => T | null,
): Promise<unknown | T> {
  const answer = await send(platform, question);
  if (answer.status >= 200 && answer.status <= 299) return answer.json(largestAnswer);
  const refusal = await refusalOf(answer);
  const taken = expected(refusal);
  if (taken === null) throw errorOf(refusal, answer);
  return taken;
}

/** Asks again when an answer broke off. */
async function untilWhole<T>(asked: () => Promise<T>): Promise<T> {
  for (let left = repetitions; ; left--) {
    try {
      return await asked();
    } catch (error) {
      if (left === 0 || !(error instanceof PlimsollError) || error.code !== "BODY_BROKEN") throw error;
    }
  }
}

/** Where something below {@link root} is. */
export function addressOf({ url }: Pick<Platform, "url">, path: string): string {
  return `${url.replace(/(?<!\/)\/+$/, "")}${root}${path}`;
}

function send(platform: Platform, { method, path, body, isLong, prefer }: Question): Promise<HttpResponse> {
  const { token, http, signal, seconds } = platform;
  const isBytes = body instanceof Uint8Array;
  const type = isBytes ? "application/octet-stream" : "application/json";
  return http.request({
    method,
    url: addressOf(platform, path),
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      ...(body !== undefined && { "content-type": type }),
      ...(prefer !== undefined && { prefer }),
    },
    ...(body !== undefined && { body: isBytes ? body : JSON.stringify(body) }),
    ...(isLong && { answerTimeoutMs: seconds * 1000 }),
    retries: 3,
    redirects: 0,
    signal,
  });
}

/** The contract's error body, or what came instead of one. */
async function refusalOf(answer: HttpResponse): Promise<Refusal> {
  const { status } = answer;
  const text = await answer.text(2 ** 20);
  const body = parsed(text);
  if (!isRecord(body)) return { status, type: "", message: plainText(text, 200), details: [] };
  const details = Array.isArray(body.details) ? body.details : [];
  return {
    status,
    type: typeof body.type === "string" ? body.type : "",
    message: typeof body.message === "string" ? plainText(body.message, 500) : "",
    details: details.filter((detail) => typeof detail === "string").map((detail) => plainText(detail, 500)),
  };
}

function errorOf({ status, message, details }: Refusal, { headers }: HttpResponse): PlimsollError {
  const told = [message, ...details].filter((word) => word !== "").join("; ");
  const why = told === "" ? "it does not say why" : told;
  if (status === 401 || status === 403) return cliError("PLATFORM_TOKEN", { fields: { why } });
  if (status === 429 || status === 503) return cliError("PLATFORM_BUSY", { fields: { status, why } });
  if (status >= 500) return cliError("PLATFORM_FAILED", { fields: { status, why } });
  if (status >= 300 && status < 400) {
    return cliError("PLATFORM_REDIRECTS", { fields: { where: plainText(headers.location ?? "nowhere", 200) } });
  }
  return cliError("PLATFORM_REFUSED", { fields: { status, why } });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is no answer to what was asked. */
export function unexpected(why: string): PlimsollError {
  return cliError("PLATFORM_UNEXPECTED", { fields: { why } });
}
