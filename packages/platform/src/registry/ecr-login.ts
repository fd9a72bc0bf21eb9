import { createHash, createHmac } from "node:crypto";
import type { HttpClient } from "@plimsoll/kit";
import type { RegistryLogin } from "@plimsoll/source";
import { platformError } from "../errors.ts";

/** Where an ECR registry is asked for logins: its region, and the host of that region's API; `null` for another registry. */
export function ecrHost(registry: string): { readonly region: string; readonly host: string } | null {
  const [, fips, region, china] =
    /^\d{12}\.dkr\.ecr(-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d{1,2})\.amazonaws\.com(\.cn)?$/.exec(registry) ?? [];
  if (region === undefined) return null;
  return { region, host: `${fips === undefined ? "api.ecr" : "ecr-fips"}.${region}.amazonaws.com${china ?? ""}` };
}

export interface EcrKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface EcrRequest extends EcrKeys {
  readonly registry: string;
  /** ms since the epoch. */
  readonly now: number;
}

const most = 65_536;
const body = "{}";
const target = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken";
const type = "application/x-amz-json-1.1";

/** Exchanges Amazon's keys for a login of twelve hours (ECR API, GetAuthorizationToken). Throws CLOUD_LOGIN_FAILED and what the HTTP client throws. */
export async function ecrLogin(http: HttpClient, asked: EcrRequest): Promise<RegistryLogin> {
  const found = ecrHost(asked.registry);
  if (found === null) throw failed(asked.registry, "it is no registry of Amazon's");
  const { host, region } = found;
  const response = await http.request({
    url: `https://${host}/`,
    method: "POST",
    headers: signedHeaders(asked, host, region),
    body,
    redirects: 0,
    retries: 1,
  });
  const answer = await response.json(most);
  const token = response.status === 200 ? tokenIn(answer) : null;
  const [, password] = /^AWS:(.+)$/s.exec(Buffer.from(token ?? "", "base64").toString("utf8")) ?? [];
  if (password === undefined) throw failed(host, reasonIn(answer) ?? `status ${response.status}`);
  return { user: "AWS", password };
}

/** AWS Signature Version 4 of the one request that is made here. */
function signedHeaders(keys: EcrKeys & { readonly now: number }, host: string, region: string) {
  const time = new Date(keys.now).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const headers = { "content-type": type, host, "x-amz-date": time, "x-amz-target": target };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", "", lines.join(""), names, hashOf(body)].join("\n");
  const scope = `${day}/${region}/ecr/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, hashOf(canonical)].join("\n");
  const key = [day, region, "ecr", "aws4_request"].reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${keys.secretAccessKey}`,
  );
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function tokenIn(answer: unknown): string | null {
  const list = field(answer, "authorizationData");
  const token = Array.isArray(list) ? field(list[0], "authorizationToken") : null;
  return typeof token === "string" ? token : null;
}

/** Amazon's name of the fault: its words may quote what was sent. */
function reasonIn(answer: unknown): string | null {
  const kind = field(answer, "__type");
  return typeof kind === "string" && /^[\w.#]{1,200}$/.test(kind) ? kind : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : null;
}

function failed(host: string, reason: string): Error {
  return platformError("CLOUD_LOGIN_FAILED", { fields: { host, reason } });
}
