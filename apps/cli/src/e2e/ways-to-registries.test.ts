/** What stands between here and a registry, as the environment and this machine's files say it: proxy, authority, mirror. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type ChildResult,
  imageOf,
  startTestProxy,
  startTestRegistry,
  type TestRegistry,
  testCertificates,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "../testing/harbour.ts";

const image = imageOf([
  [
    { path: "etc/os-release", body: "ID=alpine\nVERSION_ID=3.18.4\n" },
    { path: "lib/apk/db/installed", body: "P:musl\nV:1.2.4-r1\nA:x86_64\no:musl\n\n" },
  ],
]);

let harbour: Harbour;
let secure: TestRegistry;
beforeAll(async () => {
  harbour = await openHarbour();
  secure = await startTestRegistry({ tls: true });
  secure.push("shop/web", "1", image);
  save("ca.pem", testCertificates.ca);
});
afterAll(async () => {
  harbour?.close();
  await secure?.close();
});

function save(name: string, text: string): string {
  const path = join(harbour.folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function scan(reference: string, env: Readonly<Record<string, string>>, more: readonly string[] = []) {
  return harbour.run(["scan", `pull://${reference}`, "-d", harbour.db, "-n", ...more], { env });
}

function expectScanned({ code, stdout, stderr }: ChildResult): void {
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(image.imageId);
}

describe("a registry behind", () => {
  it("an authority of its own: SSL_CERT_FILE", async () => {
    const env = { SSL_CERT_FILE: join(harbour.folder, "ca.pem") };
    expectScanned(await scan(`${secure.host}/shop/web:1`, env));
    const refused = await scan(`${secure.host}/shop/web:1`, {});
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringMatching(/\[TLS_FAILED\]\n.*SSL_CERT_FILE/)]);
  });

  it("an authority whose file is not there: INPUT_FAILED", async () => {
    const { code, stderr } = await scan(`${secure.host}/shop/web:1`, { SSL_CERT_FILE: "/nonexistent.pem" });
    expect([code, stderr]).toEqual([3, expect.stringContaining("/nonexistent.pem")]);
  });

  it("an authority in certs.d of the user's containers configuration", async () => {
    save(`config/containers/certs.d/${secure.host}/ca.crt`, testCertificates.ca);
    expectScanned(await scan(`${secure.host}/shop/web:1`, { XDG_CONFIG_HOME: join(harbour.folder, "config") }));
  });

  it("a proxy that asks who is there, and not where NO_PROXY says", async () => {
    await using proxy = await startTestProxy({
      credentials: "me:s3cret",
      routes: { "registry.test:443": secure.host },
    });
    const env = {
      SSL_CERT_FILE: join(harbour.folder, "ca.pem"),
      https_proxy: proxy.url.replace("//", "//me:s3cret@"),
      NO_PROXY: ".example.com,10.0.0.0/8",
    };
    expectScanned(await scan("registry.test/shop/web:1", env));
    expect(proxy.requests[0]).toBe("CONNECT registry.test:443");
    const unknown = await scan("registry.test/shop/web:1", { ...env, https_proxy: proxy.url });
    expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringMatching(/\[PROXY_FAILED\]\n.*NO_PROXY/)]);
    const exempt = await scan("registry.test/shop/web:1", { ...env, NO_PROXY: "registry.test" });
    expect([exempt.code, exempt.stderr]).toEqual([3, expect.stringContaining("HOST_UNREACHABLE")]);
    for (const { stdout, stderr } of [unknown, exempt]) expect(stdout + stderr).not.toContain("s3cret");
  });

  it("a proxy of a kind that is not spoken: PROXY_INVALID", async () => {
    const { code, stderr } = await scan("registry.test/shop/web:1", { HTTPS_PROXY: "socks5://me:s3cret@127.0.0.1:1" });
    expect([code, stderr]).toEqual([2, expect.stringContaining("[PROXY_INVALID]")]);
    expect(stderr).not.toContain("s3cret");
  });

  it("a mirror that registries.conf names: it answers, and the log says so", async () => {
    await using mirror = await startTestRegistry();
    mirror.push("copies/shop/web", "1", image);
    const conf = `[[registry]]\nlocation = "registry.test"\n[[registry.mirror]]\nlocation = "${mirror.host}/copies"\n`;
    const env = { CONTAINERS_REGISTRIES_CONF: save("mirrored.conf", conf) };
    const child = await scan("registry.test/shop/web:1", env, ["--console-log"]);
    expect([child.code, child.stdout]).toEqual([0, expect.stringContaining(image.imageId)]);
    expect(child.stderr).toContain("the image comes from a mirror");
  });

  it("a rule that blocks it, or a file that cannot be read: said, and nobody is asked", async () => {
    const before = secure.requests.length;
    const blocked = save("blocked.conf", `[[registry]]\nlocation = "${secure.host}"\nblocked = true\n`);
    for (const [path, word] of [
      [blocked, "REGISTRY_BLOCKED"],
      [save("broken.conf", "[[registry]\n"), "REGISTRIES_CONF_INVALID"],
    ] as const) {
      const { code, stderr } = await scan(`${secure.host}/other:1`, { CONTAINERS_REGISTRIES_CONF: path });
      expect([code, stderr]).toEqual([3, expect.stringContaining(`[${word}]`)]);
    }
    expect(secure.requests.slice(before).filter(({ path }) => path.includes("other"))).toEqual([]);
  });
});
