import { createHash } from "node:crypto";
import type { HttpClient, HttpResponse } from "@plimsoll/kit";
import { plainText } from "@plimsoll/kit";
import { cliError } from "../errors.ts";

/** A platform and the right to speak to it. */
export interface Platform {
  /** `--apiurl`; slashes at its end are ignored. */
  readonly url: string;
  readonly token: string;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
}

export interface RemoteScan {
  readonly stage: "pipeline" | "runtime";
  readonly name: string;
  readonly policies: readonly string[];
}

/** Bytes of one request: a broken connection costs no more than these. */
const pieceBytes = 4 * 2 ** 20;
/** Times that an upload is taken up again where the platform says it stopped. */
const resumptions = 5;
/** Most bytes of an answer. */
const largestAnswer = 256 * 2 ** 20;

const root = "/secure/vulnerability/v1";

/** Sends an analysis, piece by piece. Throws PLATFORM_REFUSED, PLATFORM_TOKEN, and what the HTTP client throws. Returns its name there. */
export async function upload(platform: Platform, bytes: Uint8Array): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const path = `${root}/uploads/${sha256}`;
  let resumed = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const body = bytes.subarray(offset, offset + pieceBytes);
    const headers = { "content-type": "application/octet-stream" };
    const answer = await ask(platform, { method: "PUT", path: `${path}?offset=${offset}`, headers, body });
    if (answer.status === 409 && resumed < resumptions) {
      resumed += 1;
      offset = receivedOf(await whole(await ask(platform, { method: "GET", path })));
    } else offset = receivedOf(await whole(answer));
  }
  return sha256;
}

/** Has an upload evaluated; the answer's `report` as it came. Throws as {@link upload} does. */
export async function evaluateUpload(platform: Platform, sha256: string, scan: RemoteScan): Promise<unknown> {
  const { stage, name, policies } = scan;
  const body = JSON.stringify({ upload: sha256, stage, name, policies });
  const headers = { "content-type": "application/json" };
  const answer = await whole(await ask(platform, { method: "POST", path: `${root}/scans`, headers, body }));
  if (!isRecord(answer)) throw unexpected("no object");
  return answer.report;
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Everything asked here may be asked again: pieces and scans are named by their content. */
function ask({ url, token, http, signal }: Platform, { path, headers, ...rest }: Question): Promise<HttpResponse> {
  return http.request({
    ...rest,
    url: `${url.replace(/\/+$/, "")}${path}`,
    headers: { ...headers, authorization: `Bearer ${token}`, accept: "application/json" },
    retries: 3,
    redirects: 0,
    signal,
  });
}

async function whole(answer: HttpResponse): Promise<unknown> {
  const { status } = answer;
  if (status === 401 || status === 403) {
    throw cliError("PLATFORM_TOKEN", { fields: { why: await reasonOf(answer) } });
  }
  if (status < 200 || status > 299) {
    throw cliError("PLATFORM_REFUSED", { fields: { status, why: await reasonOf(answer) } });
  }
  return answer.json(largestAnswer);
}

/** The contract's error body: message and details. */
async function reasonOf(answer: HttpResponse): Promise<string> {
  const text = await answer.text(2 ** 20).catch(() => "");
  try {
    const body: unknown = JSON.parse(text);
    if (!isRecord(body)) return plainText(text, 200);
    const details = Array.isArray(body.details) ? body.details : [];
    return plainText([body.message, ...details].filter((word) => typeof word === "string").join("; "), 500);
  } catch {
    return plainText(text, 200);
  }
}

function receivedOf(answer: unknown): number {
  if (isRecord(answer) && Number.isSafeInteger(answer.received)) return Number(answer.received);
  throw unexpected("it does not say how much it received");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unexpected(why: string) {
  return cliError("PLATFORM_UNEXPECTED", { fields: { why } });
}
