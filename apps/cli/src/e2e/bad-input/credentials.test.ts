import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChildResult, imageOf, startTestRegistry, type TestRegistry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOddRegistry } from "./odd-server.ts";
import { expectRefusal, expectReport, namesIn, openStage, type Stage, wholeLayers, wholePackages } from "./stage.ts";

const user = "pilot-of-the-port";
const password = "hunter2-très-secret";
const both = Buffer.from(`${user}:${password}`).toString("base64");
const image = imageOf(wholeLayers);

let stage: Stage;
let basic: TestRegistry;
let bearer: TestRegistry;
let web: { readonly basic: string; readonly bearer: string };
beforeAll(async () => {
  stage = await openStage();
  basic = await startTestRegistry({ auth: { mode: "basic", user, password }, redirectBlobs: true });
  bearer = await startTestRegistry({ auth: { mode: "bearer", user, password }, redirectBlobs: true });
  web = {
    basic: `pull://${basic.push("shop/web", "1", image)}`,
    bearer: `pull://${bearer.push("shop/web", "1", image)}`,
  };
});
afterAll(async () => {
  stage?.close();
  await basic?.close();
  await bearer?.close();
});

/** Ways to tell credentials, given a fresh folder: arguments and environment. */
type Given = { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
type Way = readonly [name: string, give: (folder: string) => Given];
const ways: readonly Way[] = [
  ["the environment", () => ({ args: [], env: { REGISTRY_USER: user, REGISTRY_PASSWORD: password } })],
  ["flags", () => ({ args: ["--registry-user", user, "--registry-password", password], env: {} })],
  ["one variable", () => ({ args: [], env: { REGISTRY_AUTH_BASIC: `${user}:${password}` } })],
  ["one flag", () => ({ args: [`--registry-auth-basic=${user}:${password}`], env: {} })],
  ["docker's configuration", (folder) => withConfig(folder, { auths: hosts({ auth: both }) })],
  [
    "a credential helper",
    (folder) => withHelper(folder, `printf '%s' '{"Username":"${user}","Secret":"${password}"}'`),
  ],
];

describe.concurrent("credentials open the door and are told nobody else", () => {
  it.each(ways)("given by %s", async (...[name, give]) => {
    const folder = folderFor(name);
    const { args, env } = give(folder);
    for (const reference of [web.basic, web.bearer]) {
      const log = join(folder, "scan.log");
      const child = await stage.scan(reference, [...args, "--loglevel", "debug", "--logfile", log], { env });
      expect(namesIn(expectReport(child, { exit: 0 }))).toEqual(wholePackages);
      expectNoSecret(child, readFileSync(log, "utf8"));
    }
  });

  it("neither credentials nor tokens follow a redirect to another host", () => {
    for (const registry of [basic, bearer]) {
      const elsewhere = registry.requests.filter(({ host }) => host === "blobs");
      expect(elsewhere.length).toBeGreaterThan(0);
      expect(elsewhere.filter(({ authorization }) => authorization !== null)).toEqual([]);
    }
  });

  it("a log on stderr holds none either, nor does a failure", async () => {
    const env = { REGISTRY_USER: user, REGISTRY_PASSWORD: `${password}-wrong` };
    for (const reference of [web.basic, web.bearer]) {
      const child = await stage.scan(reference, ["--console-log", "--loglevel", "debug"], { env });
      expect(child.code).toBe(3);
      expect(child.stderr).toContain("[ACCESS_DENIED]");
      expectNoSecret(child);
    }
  });
});

describe.concurrent("a door that stays shut", () => {
  it.each(["basic", "bearer"] as const)("%s without credentials: CREDENTIALS_MISSING", async (mode) => {
    const child = await stage.scan(web[mode]);
    expectRefusal(child, { code: "CREDENTIALS_MISSING", exit: 3, says: ["REGISTRY_USER", "docker login 127.0.0.1"] });
  });

  it.each(["basic", "bearer"] as const)("%s with a wrong password: ACCESS_DENIED", async (mode) => {
    const child = await stage.scan(web[mode], [], { env: { REGISTRY_USER: user, REGISTRY_PASSWORD: "wrong" } });
    expectRefusal(child, { code: "ACCESS_DENIED", exit: 3, says: ["check user and password"] });
  });

  it("a variable without a colon: BAD_OPTION_VALUE, not shown", async () => {
    const child = await stage.scan(web.basic, [], { env: { REGISTRY_AUTH_BASIC: password } });
    expectRefusal(child, { code: "BAD_OPTION_VALUE", exit: 2, says: ["USER:PASSWORD"] });
    expectNoSecret(child);
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["auths of numbers", '{"auths":{"127.0.0.1":5}}'],
    ["auth that is no base64", '{"auths":{"127.0.0.1":{"auth":"%%%"}}}'],
    ["a helper that is a path", '{"credsStore":"../../bin/sh"}'],
    ["a helper that is a command", '{"credsStore":"x; touch owned"}'],
    ["a helper that is not installed", '{"credsStore":"not-installed-here"}'],
    ["nested 100,000 deep", '{"auths":'.repeat(100_000)],
  ])("docker's configuration is %s: CREDENTIALS_MISSING", async (name, config) => {
    const { env } = withConfig(folderFor(`config-${name}`), config);
    expectRefusal(await stage.scan(web.basic, [], { env }), { code: "CREDENTIALS_MISSING", exit: 3 });
  });

  it("docker's configuration of 20 MB, or a folder: CREDENTIALS_MISSING", async () => {
    const { env } = withConfig(folderFor("config-large"), " ".repeat(20_000_000));
    expectRefusal(await stage.scan(web.basic, [], { env }), { code: "CREDENTIALS_MISSING", exit: 3 });
    const folder = await stage.scan(web.basic, ["--registry-auth-file", stage.folder]);
    expectRefusal(folder, { code: "CREDENTIALS_MISSING", exit: 3 });
  });
});

/** Helpers that do not help: what they run. */
const helpers: readonly (readonly [name: string, script: string, hint: string])[] = [
  ["fails", `echo '${password}' >&2; echo '${password}'; exit 3`, "ended with code 3"],
  ["prints garbage", `head -c 4000 /dev/urandom`, "not JSON"],
  ["prints without end", "yes abcdefgh", "prints too much"],
  ["prints secrets without end on stderr", `yes '${password}' | head -c 90000000 >&2; exit 1`, "ended with code 1"],
  ["says that it has none", 'echo "credentials not found in native keychain"; exit 1', "no credentials for it"],
  ["prints a list", 'echo "[1,2,3]"', "not JSON"],
  ["prints numbers", `echo '{"Username":1,"Secret":2}'`, "no credentials for it"],
  ["leaves a daemon behind", "sleep 20 & exit 1", "ended with code 1"],
  ["kills itself", "kill -9 $$", "was killed"],
];

describe.concurrent("a credential helper that", () => {
  it.each(helpers)("%s: CREDENTIALS_MISSING, and the reason is said", async (...[name, script, hint]) => {
    const { env } = withHelper(folderFor(`helper-${name}`), script);
    const child = await stage.scan(web.basic, [], { env });
    expectRefusal(child, { code: "CREDENTIALS_MISSING", exit: 3, says: [hint], peakMb: 200 });
    expectNoSecret(child);
  });

  it.each<[string, string, (path: string) => void]>([
    ["is a folder", "not a program", (path) => mkdirSync(path)],
    ["may not be run", "not a program", (path) => writeFileSync(path, "#!/bin/sh\n", { mode: 0o644 })],
    ["is a link to itself", "docker-credential-test failed", (path) => symlinkSync(path, path)],
    ["is a link to a device", "not a program", (path) => symlinkSync("/dev/zero", path)],
    [
      "names an interpreter that is not there",
      "docker-credential-test failed",
      (path) => writeFileSync(path, "#!/none\n", { mode: 0o755 }),
    ],
    ["is not installed", "docker-credential-test failed", () => undefined],
  ])("%s: CREDENTIALS_MISSING, and the reason is said", async (name, hint, make) => {
    const folder = folderFor(`helper-file-${name}`);
    make(join(folder, "docker-credential-test"));
    const { env } = withConfig(folder, { credsStore: "test" });
    const child = await stage.scan(web.basic, [], { env: { ...env, PATH: `${folder}:${process.env.PATH ?? ""}` } });
    expectRefusal(child, { code: "CREDENTIALS_MISSING", exit: 3, says: [hint] });
  });

  it("is asked only when the registry wants to know", async () => {
    await using open = await startTestRegistry();
    const { env } = withHelper(folderFor("helper-unasked"), "touch $HOME/asked; exit 1");
    const child = await stage.scan(`pull://${open.push("shop/web", "1", image)}`, [], { env });
    expectReport(child, { exit: 0 });
  });
});

describe("a registry that sends elsewhere", () => {
  it("gets the credentials on its own host only", async () => {
    await using thief = await startOddRegistry(
      (_, response) => void response.writeHead(401, { "www-authenticate": "Basic" }).end(),
    );
    await using door = await startOddRegistry((request, response) => {
      if (request.headers.authorization === undefined) response.writeHead(401, { "www-authenticate": "Basic" }).end();
      else response.writeHead(307, { location: `http://${thief.host}${request.url}` }).end();
    });
    const env = { REGISTRY_USER: user, REGISTRY_PASSWORD: password };
    const child = await stage.scan(`pull://${door.host}/shop/web:1`, [], { env });
    expectRefusal(child, { code: "ACCESS_DENIED", exit: 3 });
    expect(door.requests.some((request) => request.includes("Basic "))).toBe(true);
    expect(thief.requests.length).toBeGreaterThan(0);
    expect(thief.requests.filter((request) => !request.endsWith(" -"))).toEqual([]);
    expectNoSecret(child);
  });
});

function expectNoSecret(child: ChildResult, log = ""): void {
  const everything = child.stdout + child.stderr + log;
  for (const word of [password, both, "token-"]) expect(everything).not.toContain(word);
}

function folderFor(name: string): string {
  const folder = join(stage.folder, name.replace(/\W+/g, "-"));
  mkdirSync(folder, { recursive: true });
  return folder;
}

function hosts<T>(value: T): Record<string, T> {
  return Object.fromEntries([basic, bearer].map(({ host }) => [host, value]));
}

function withConfig(folder: string, config: unknown): Given {
  writeFileSync(join(folder, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
  return { args: [], env: { DOCKER_CONFIG: folder } };
}

/** A helper named `test` on a PATH of its own, in front of the usual one. */
function withHelper(folder: string, script: string): Given {
  const path = join(folder, "docker-credential-test");
  writeFileSync(path, `#!/bin/sh\ncat > /dev/null\n${script}\n`);
  chmodSync(path, 0o755);
  const { env } = withConfig(folder, { credsStore: "test" });
  return { args: [], env: { ...env, PATH: `${folder}:${process.env.PATH ?? ""}` } };
}
