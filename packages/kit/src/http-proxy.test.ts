import { describe, expect, it } from "vitest";
import { proxyFor } from "./http-proxy.ts";

const proxy = "http://proxy.test:3128";

describe("proxyFor", () => {
  it.each([
    ["https://a.test/", { HTTPS_PROXY: proxy }, "http://proxy.test:3128/"],
    ["https://a.test/", { https_proxy: proxy, HTTPS_PROXY: "http://other.test" }, "http://proxy.test:3128/"],
    ["https://a.test/", { https_proxy: "", HTTPS_PROXY: proxy }, "http://proxy.test:3128/"],
    ["https://a.test/", { HTTP_PROXY: proxy }, null],
    ["http://a.test/", { HTTP_PROXY: proxy }, "http://proxy.test:3128/"],
    ["http://a.test/", { http_proxy: "proxy.test:3128" }, "http://proxy.test:3128/"],
    ["http://a.test/", { http_proxy: "me:p%40ss@proxy.test" }, "http://me:p%40ss@proxy.test/"],
    ["https://a.test/", { HTTPS_PROXY: "https://proxy.test" }, "https://proxy.test/"],
    ["http://localhost:5000/", { HTTP_PROXY: proxy }, null],
    ["http://127.8.0.1:5000/", { HTTP_PROXY: proxy }, null],
    ["http://[::1]:5000/", { HTTP_PROXY: proxy }, null],
    ["http://localhost.evil.test/", { HTTP_PROXY: proxy }, "http://proxy.test:3128/"],
    ["https://a.test/", {}, null],
  ])("%s with %j: %s", (url, env, expected) => {
    expect(proxyFor(new URL(url), env)?.href ?? null).toBe(expected);
  });

  it.each([
    ["https://a.test/", "*", true],
    ["https://a.test/", "a.test", true],
    ["https://b.a.test/", "a.test", true],
    ["https://ba.test/", "a.test", false],
    ["https://b.a.test/", ".a.test", true],
    ["https://a.test/", ".a.test", false],
    ["https://b.a.test/", "*.a.test", true],
    ["https://A.TEST/", "x, a.test", true],
    ["https://a.test/", "A.Test", true],
    ["https://a.test/", "x a.test", true],
    ["https://a.test/", "a.test:443", true],
    ["https://a.test:8443/", "a.test:443", false],
    ["http://a.test/", "a.test:80", true],
    ["https://10.1.2.3/", "10.0.0.0/8", true],
    ["https://11.1.2.3/", "10.0.0.0/8", false],
    ["https://10.1.2.3/", "10.1.2.3", true],
    ["https://10.1.2.3:5000/", "10.1.2.3:443", false],
    ["https://[fd00::5]/", "fd00::/16", true],
    ["https://[fd00::5]/", "[fd00::5]:443", true],
    ["https://[fd00::5]/", "fd00::5", true],
    ["https://10.1.2.3/", "10.0.0.0/99", false],
    ["https://10.1.2.3/", "10.0.0.0/", false],
    ["https://10.1.2.3/", "fd00::/16", false],
    ["https://a.test/", "10.0.0.0/8,,", false],
    ["https://a.test./", "a.test", true],
  ])("%s is exempt by %j: %s", (url, rules, isExempt) => {
    expect(proxyFor(new URL(url), { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: rules }) === null).toBe(isExempt);
  });

  it.each(["socks5://proxy.test", "http://", "::", "file:///etc/passwd"])("refuses %j without showing it", (text) => {
    expect(() => proxyFor(new URL("https://a.test"), { HTTPS_PROXY: text })).toThrow(
      expect.objectContaining({ code: "PROXY_INVALID", exit: 2, message: expect.not.stringContaining("proxy.test") }),
    );
  });
});
