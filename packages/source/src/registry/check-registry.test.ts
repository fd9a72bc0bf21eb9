import { createHttpClient } from "@plimsoll/kit";
import { imageOf, startTestRegistry, testCertificates } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { checkRegistry } from "./check-registry.ts";

const http = createHttpClient({ userAgent: "test", sleep: async () => undefined });
afterAll(() => http[Symbol.dispose]());

const image = imageOf([[{ path: "a", body: "b" }]]);
const good = { user: "me", password: "s3cret-word" };
const bad = { user: "me", password: "wrong" };

describe("checkRegistry", () => {
  it.each(["basic", "bearer"] as const)("tells good credentials from wrong and missing ones: %s", async (mode) => {
    await using registry = await startTestRegistry({ auth: { mode, ...good } });
    const name = registry.push("team/app", "1", image);
    for (const subject of [{ registry: registry.host }, { image: name }]) {
      const digest = "image" in subject ? image.manifest.digest : null;
      expect(await checkRegistry(subject, { http, credentials: good })).toEqual({ hasLoggedIn: true, digest });
      const refused = checkRegistry(subject, { http, credentials: bad });
      await expect(refused).rejects.toMatchObject({ code: "ACCESS_DENIED", fields: { status: 401 } });
      await expect(checkRegistry(subject, { http })).rejects.toMatchObject({ code: "CREDENTIALS_MISSING" });
    }
  });

  it("says that credentials were not asked for", async () => {
    await using registry = await startTestRegistry();
    const checked = await checkRegistry({ registry: registry.host }, { http, credentials: bad });
    expect(checked).toEqual({ hasLoggedIn: false, digest: null });
  });

  it("shows an access token as it is", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "bearer", ...good } });
    const credentials = { kind: "access-token", token: "token-1" } as const;
    const name = registry.push("team/app", "1", image);
    await expect(checkRegistry({ image: name }, { http, credentials })).rejects.toMatchObject({
      code: "ACCESS_DENIED",
    });
    await checkRegistry({ image: name }, { http, credentials: good });
    expect(await checkRegistry({ image: name }, { http, credentials })).toMatchObject({ hasLoggedIn: true });
    expect(registry.requests.filter(({ path }) => path.startsWith("/token"))).toHaveLength(1);
  });

  it("trusts the authority given for the registry, and nothing without it", async () => {
    await using registry = await startTestRegistry({ tls: true });
    const subject = { registry: registry.host };
    await expect(checkRegistry(subject, { http })).rejects.toMatchObject({ code: "TLS_FAILED" });
    for (const registryTls of [{ ca: [testCertificates.ca] }, { insecure: true }]) {
      expect(await checkRegistry(subject, { http, registryTls })).toEqual({ hasLoggedIn: false, digest: null });
    }
  });
});
