import type { HttpClient, HttpRequest, HttpResponse } from "@plimsoll/kit";
import { kitErrors, PlimsollError } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { cautiousHttp } from "./cautious-http.ts";

const response = { status: 200 } as HttpResponse;

/** Answers for hosts called `up`, is silent for others; counts what reaches it. */
function network(): { readonly http: HttpClient; readonly seen: HttpRequest[] } {
  const seen: HttpRequest[] = [];
  const request = async (wanted: HttpRequest): Promise<HttpResponse> => {
    seen.push(wanted);
    if (wanted.url.includes("//up")) return response;
    throw new PlimsollError("HOST_UNREACHABLE", kitErrors.HOST_UNREACHABLE);
  };
  return { seen, http: { request, [Symbol.dispose]: () => undefined } };
}

describe("cautiousHttp", () => {
  it("gives up on everything after two hosts without an answer", async () => {
    const { http, seen } = network();
    const cautious = cautiousHttp(http);
    for (const host of ["a", "b", "c", "d"]) {
      await expect(cautious.request({ url: `https://${host}.test/x` })).rejects.toMatchObject({
        code: "HOST_UNREACHABLE",
      });
    }
    expect(seen.map(({ url }) => url)).toEqual(["https://a.test/x", "https://b.test/x"]);
    expect(seen.map(({ retries }) => retries)).toEqual([0, 0]);
  });

  it("asks on, with all retries, once somebody answered", async () => {
    const { http, seen } = network();
    const cautious = cautiousHttp(http);
    await cautious.request({ url: "https://up.test/" });
    for (const host of ["a", "b", "c"]) await cautious.request({ url: `https://${host}.test/` }).catch(() => null);
    expect(seen).toHaveLength(4);
    expect(seen.map(({ retries }) => retries)).toEqual([0, undefined, undefined, undefined]);
  });

  it("does not take other failures for a missing network", async () => {
    let count = 0;
    const cautious = cautiousHttp({
      request: async () => {
        count += 1;
        throw new PlimsollError("TLS_FAILED", kitErrors.TLS_FAILED);
      },
      [Symbol.dispose]: () => undefined,
    });
    for (const host of ["a", "b", "c"]) await cautious.request({ url: `https://${host}.test/` }).catch(() => null);
    expect(count).toBe(3);
  });
});
