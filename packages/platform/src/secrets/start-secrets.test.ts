import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@plimsoll/kit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { theServer } from "../identity/actor.ts";
import { openLogin } from "../registry/sealed-login.ts";
import { createCredential } from "../services/registry-credential/change-credentials.ts";
import type { Services } from "../services/services.ts";
import type { Store } from "../store/open-store.ts";
import { credentialFor, keysInUse } from "../store/registry-credential/credentials.ts";
import { servers } from "../testing/test-store.ts";
import type { KeyPlace } from "./open-secret-keys.ts";
import { newKeyText, type SecretKeys } from "./secret-keys.ts";
import { startSecrets } from "./start-secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-keys-"));
const random = (bytes: number) => randomBytes(bytes);
const warnings: unknown[] = [];
const log = { ...silentLog, warn: (message: string, fields?: object) => void warnings.push({ message, ...fields }) };
let store: Store;

beforeAll(async () => {
  store = await servers[0].open();
});
beforeEach(async () => {
  warnings.length = 0;
  await store.pool.query("delete from registry_credential");
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const start = (place: KeyPlace) => startSecrets({ pool: store.pool, random, log }, place);
const login = { type: "docker", username: "robot", password: "correct-horse-battery" } as const;

async function keep(secrets: SecretKeys, registry: string): Promise<void> {
  const services = { ...store, secrets, clock: Date.now, random } as unknown as Services;
  await createCredential(services, theServer, { registry, login, skipTlsVerify: false, caCertificate: null });
}

async function opened(secrets: SecretKeys, registry: string) {
  const row = await credentialFor(store.pool, { team: null, registry, repository: "a" });
  if (row === null) throw new Error("no such credential");
  return openLogin(secrets, row);
}

describe("the keys of stored secrets", () => {
  it("are changed by a new one behind the old: all is sealed anew, and the old one may go", async () => {
    const [old, fresh] = [newKeyText(random), newKeyText(random)];
    await keep(await start({ text: old }), "one.test");
    await keep(await start({ text: old }), "two.test");
    const both = await start({ text: `${old}\n${fresh}` });
    expect(await keysInUse(store.pool)).toEqual(new Map([[both.current, 2]]));
    const alone = await start({ text: fresh });
    expect(await opened(alone, "one.test")).toEqual(login);
    expect(warnings).toEqual([]);
  });

  it("that are the wrong ones open nothing, change nothing and are told", async () => {
    const [right, wrong] = [newKeyText(random), newKeyText(random)];
    const keys = await start({ text: right });
    await keep(keys, "one.test");
    const others = await start({ text: wrong });
    expect(warnings).toEqual([
      { message: "stored secrets are sealed with a key that is not here", key: keys.current, secrets: 1 },
    ]);
    await expect(opened(others, "one.test")).rejects.toMatchObject({ code: "SECRETS_KEY_MISSING" });
    expect(await opened(await start({ text: right }), "one.test")).toEqual(login);
  });

  it("that are lost are not replaced while a secret needs them", async () => {
    const ownFile = join(folder, "secrets.key");
    await keep(await start({ ownFile }), "one.test");
    rmSync(ownFile);
    await expect(start({ ownFile })).rejects.toMatchObject({ code: "SECRETS_KEY_MISSING" });
    expect(existsSync(ownFile)).toBe(false);
    await store.pool.query("delete from registry_credential");
    await start({ ownFile });
    expect(existsSync(ownFile)).toBe(true);
  });

  it("seal each record for itself: rows that change places do not open", async () => {
    const keys = await start({ text: newKeyText(random) });
    await keep(keys, "one.test");
    await keep(keys, "two.test");
    await store.pool.query(
      "update registry_credential c set sealed = o.sealed from registry_credential o where o.id <> c.id",
    );
    for (const registry of ["one.test", "two.test"]) {
      await expect(opened(keys, registry)).rejects.toMatchObject({ code: "SECRET_DAMAGED" });
    }
  });

  it.each(["skip_tls = true", "ca = 'x'", "path = 'b'", "team_id = 1"])(
    "bind the record to what it was: %s",
    async (change) => {
      const keys = await start({ text: newKeyText(random) });
      await keep(keys, "one.test");
      await store.pool.query(
        "insert into team (name, description, all_zones, is_default, created_at, updated_at) select 'x', '', true, false, now(), now() where not exists (select from team where id = 1)",
      );
      await store.pool.query(`update registry_credential set ${change}`);
      const repository = change.startsWith("path") ? "b" : "a";
      const row = await credentialFor(store.pool, { team: 1, registry: "one.test", repository });
      expect(() => row !== null && openLogin(keys, row)).toThrow(expect.objectContaining({ code: "SECRET_DAMAGED" }));
    },
  );
});
