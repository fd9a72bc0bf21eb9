import { Readable } from "node:stream";
import type { HttpClient, HttpRequest } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { ecrHost, ecrLogin } from "./ecr-login.ts";

const registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const now = Date.parse("2026-11-22T12:00:00Z");

/** What Amazon's API reference shows as its answers, and the requests that came. */
function amazon(status: number, body: unknown) {
  const asked: HttpRequest[] = [];
  const http: HttpClient = {
    request: async (request) => {
      asked.push(request);
      const json = async () => body;
      const nothing = async () => Buffer.alloc(0);
      const rest = {
        url: request.url,
        body: Readable.from([]),
        bytes: nothing,
        text: async () => "",
        discard: () => undefined,
      };
      return { status, headers: {}, json, ...rest };
    },
    [Symbol.dispose]: () => undefined,
  };
  return { http, asked };
}

describe("logins of Amazon's registry", () => {
  it.each([
    [registry, "api.ecr.eu-central-1.amazonaws.com"],
    ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "ecr-fips.us-gov-west-1.amazonaws.com"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "api.ecr.cn-north-1.amazonaws.com.cn"],
  ])("%s is asked for at %s", (name, host) => expect(ecrHost(name)?.host).toBe(host));

  it.each([
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.test",
    "evil.test",
    "x123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    "123456789012.dkr.ecr.evil.test.amazonaws.com",
    `${registry}:443`,
  ])("CVE-2024-35192: a look-alike gets none of Amazon's logins: %s", (name) => expect(ecrHost(name)).toBeNull());

  it("sends one signed request and takes the login from the answer", async () => {
    const token = Buffer.from("AWS:the-password").toString("base64");
    const { http, asked } = amazon(200, {
      authorizationData: [{ authorizationToken: token, proxyEndpoint: "https://x" }],
    });
    expect(await ecrLogin(http, { ...keys, registry, now })).toEqual({ user: "AWS", password: "the-password" });
    const [request] = asked;
    expect(request).toMatchObject({
      url: "https://api.ecr.eu-central-1.amazonaws.com/",
      method: "POST",
      redirects: 0,
      headers: { "x-amz-date": "20261122T120000Z" },
    });
    const { authorization = "" } = request?.headers ?? {};
    // As botocore signs the same request.
    const signature = "0dc1ee5dc5363b2e6b38dc77316e57d6b380fd46c8b92ce58be2b89593ceaac4";
    expect(authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-central-1/ecr/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${signature}`,
    );
    expect(JSON.stringify(request)).not.toContain(keys.secretAccessKey);
  });

  it("says why there is none, without repeating what was sent", async () => {
    const { http } = amazon(400, { __type: "UnrecognizedClientException", message: `token ${keys.secretAccessKey}` });
    await expect(ecrLogin(http, { ...keys, registry, now })).rejects.toMatchObject({
      code: "CLOUD_LOGIN_FAILED",
      message: "api.ecr.eu-central-1.amazonaws.com gives no registry login for these keys: UnrecognizedClientException",
    });
  });
});
