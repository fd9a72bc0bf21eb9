import type { HttpClient, HttpRequest, HttpResponse } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { withRegistryToken } from "./registry-token.ts";

async function headersFor(source: string, request: HttpRequest): Promise<HttpRequest["headers"]> {
  let seen: HttpRequest["headers"];
  const http: HttpClient = {
    request: async ({ headers }) => {
      seen = headers;
      return { status: 200 } as HttpResponse;
    },
    [Symbol.dispose]: () => undefined,
  };
  await withRegistryToken(http, source, "t0ken").request(request);
  return seen;
}

describe("withRegistryToken", () => {
  it.each([
    ["pull://registry.example/a/b:1", "https://registry.example/v2/"],
    ["registry.example:5000/a/b", "https://registry.example:5000/v2/a/b/manifests/latest"],
    ["nginx:1.25", "https://registry-1.docker.io/v2/"],
  ])("shows the token of %s to %s", async (source, url) => {
    expect(await headersFor(source, { url })).toEqual({ authorization: "Bearer t0ken" });
  });

  it.each([
    ["another host", "registry.example/a", { url: "https://cdn.example/blob" }],
    ["another port", "registry.example/a", { url: "https://registry.example:444/v2/" }],
    [
      "the docker socket",
      "registry.example/a",
      { url: "http://registry.example/images", socketPath: "/run/docker.sock" },
    ],
    ["anything for a folder", "dir:/srv", { url: "https://registry-1.docker.io/v2/" }],
  ])("shows it to nobody else: %s", async (_, source, request) => {
    expect(await headersFor(source, request)).toBeUndefined();
  });

  it("leaves a credential that is there", async () => {
    const request = { url: "https://registry.example/v2/", headers: { Authorization: "Basic abc" } };
    expect(await headersFor("registry.example/a", request)).toEqual({ Authorization: "Basic abc" });
  });
});
