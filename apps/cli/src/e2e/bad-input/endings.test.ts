import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cliEntry, imageOf } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asNobody, canBeNobody } from "./nobody.ts";
import { startOddRegistry } from "./odd-server.ts";
import { expectRefusal, openStage, type Stage, wholeLayers } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const image = imageOf(wholeLayers);

/** For children that are not run by the stage: the time of its database. */
const epoch = { SOURCE_DATE_EPOCH: String(Date.parse("2026-01-05T00:00:00Z") / 1000) };

type Ending = {
  readonly how: readonly [number | null, NodeJS.Signals | null];
  readonly left: readonly string[];
  readonly stderr: string;
};

/** Starts a scan, lets `act` do something to the process, and says how it ended and what lies in its home. */
async function scanWhile(
  args: readonly string[],
  act: (kill: (signal: NodeJS.Signals) => void) => Promise<void>,
): Promise<Ending> {
  const home = mkdtempSync(join(tmpdir(), "plimsoll-home-"));
  try {
    const env = { PATH: process.env.PATH, HOME: home, TMPDIR: home, XDG_CACHE_HOME: join(home, "cache") };
    const child = spawn(process.execPath, [cliEntry, ...args], { env, cwd: home, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const ended = new Promise<Ending["how"]>((resolve) => child.once("close", (...how) => resolve(how)));
    await act((signal) => void child.kill(signal));
    const how = await ended;
    return { how, stderr, left: readdirSync(home, { recursive: true, encoding: "utf8" }) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Folders of the cache, and what is whole in it: the configuration had come, and held its digest. */
const wholeEntries = /^cache(?:\/plimsoll(?:\/layers(?:\/(?:swept|[0-9a-f]{64}))?)?)?$/;

describe.concurrent("interrupted", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s in the middle of a layer that drips: ends as that signal at once, no report and nothing half written left",
    async (signal) => {
      const dripping = Promise.withResolvers<void>();
      await using server = await startOddRegistry((request, response) => {
        if (request.url?.includes("/manifests/") === true) return void response.end(image.manifest.bytes);
        if (request.url?.endsWith(image.config.digest) === true) return void response.end(image.config.bytes);
        response.on("error", () => undefined);
        const drip = setInterval(() => response.write("x"), 100);
        response.once("close", () => clearInterval(drip));
        dripping.resolve();
      });
      const started = performance.now();
      const args = ["scan", `pull://${server.host}/shop/web:1`, "-d", stage.db, "-n", "--output", "json=report.json"];
      const { how, left, stderr } = await scanWhile(args, async (kill) => {
        await dripping.promise;
        kill(signal);
      });
      expect(how).toEqual([null, signal]);
      expect([left.filter((path) => !wholeEntries.test(path)), stderr]).toEqual([[], ""]);
      expect(performance.now() - started).toBeLessThan(15_000);
    },
  );

  it("while a credential helper hangs: ends at once", async () => {
    const folder = join(stage.folder, "hanging");
    mkdirSync(folder);
    writeFileSync(join(folder, "docker-credential-hang"), `#!/bin/sh\ntouch ${folder}/asked\nexec sleep 20\n`, {
      mode: 0o755,
    });
    const config = stage.save("hanging/config.json", '{"credsStore":"hang"}');
    await using server = await startOddRegistry(
      (_, response) => void response.writeHead(401, { "www-authenticate": "Basic" }).end(),
    );
    const args = ["scan", `pull://${server.host}/shop/web:1`, "-d", stage.db, "-n", "--registry-auth-file", config];
    const child = spawn(process.execPath, [cliEntry, ...args], {
      env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("close", (...how) => resolve(how)));
    while (!existsSync(join(folder, "asked"))) await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = performance.now();
    child.kill("SIGTERM");
    expect(await ended).toEqual([null, "SIGTERM"]);
    expect(performance.now() - asked).toBeLessThan(5000);
  });
});

describe.concurrent("stdout that is not read", () => {
  it.each([
    ["json", ["--output", "json"], 0],
    ["text", [], 0],
    ["the help", ["--help"], 0],
  ])("%s into head -c 1: no complaint, the exit code is the verdict's", (...[, more, expected]) => {
    const command = `"$NODE" "$CLI" scan "$IMAGE" -d "$DB" -n ${more.join(" ")} 2>"$LOG" | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    const log = join(stage.folder, `${more.join("")}.log`);
    const env = {
      ...epoch,
      PATH: process.env.PATH,
      HOME: stage.folder,
      NODE: process.execPath,
      CLI: cliEntry,
      IMAGE: stage.clean,
      DB: stage.db,
      LOG: log,
    };
    const shell = spawnSync("bash", ["-c", `${command}; cat "$LOG"`], { env, encoding: "utf8" });
    expect(shell.stdout).toBe(`${expected}\n`);
  });

  it("closed from the start: no crash", async () => {
    const shell = spawnSync("bash", ["-c", `"$NODE" "$CLI" scan "$IMAGE" -d "$DB" -n >&- 2>/dev/null`], {
      env: {
        ...epoch,
        PATH: process.env.PATH,
        HOME: stage.folder,
        NODE: process.execPath,
        CLI: cliEntry,
        IMAGE: stage.clean,
        DB: stage.db,
      },
    });
    expect([0, 3]).toContain(shell.status);
  });
});

const fullDevice = existsSync("/dev/full");

describe.concurrent("a report that cannot be written", () => {
  it.skipIf(!fullDevice)("a full disk behind --output: OUTPUT_FAILED (skipped without /dev/full)", async () => {
    const child = await stage.run(["scan", stage.clean, "-d", stage.db, "-n", "--output", "json=/dev/full"]);
    expect([child.code, child.stdout.includes("PASSED")]).toEqual([3, true]);
    expect(child.stderr).toMatch(/ENOSPC[^\n]* \[OUTPUT_FAILED\]\n {2}next: [^\n]*free space/);
  });

  it.skipIf(!fullDevice)("a full disk behind stdout: not taken for success (skipped without /dev/full)", () => {
    const full = openSync("/dev/full", "w");
    const child = spawnSync(
      process.execPath,
      [cliEntry, "scan", stage.clean, "-d", stage.db, "-n", "--output", "json"],
      {
        env: { ...epoch, PATH: process.env.PATH, HOME: stage.folder },
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      },
    );
    expect(child.status, child.stderr).toBe(3);
    expect(child.stderr).toMatch(/^plimsoll: [^\n]+ \[OUTPUT_FAILED\]\n {2}next: [^\n]+\n$/);
  });

  it.skipIf(!fullDevice)(
    "a full disk behind the log: told once, the scan goes on (skipped without /dev/full)",
    async () => {
      const child = await stage.run(["scan", stage.clean, "-d", stage.db, "-n", "--logfile", "/dev/full"]);
      expect([child.code, child.stderr.split("\n").length], child.stderr).toEqual([0, 2]);
      expect(child.stderr).toMatch(/^plimsoll: the log \/dev\/full ends here: [^\n]*no space/);
      expect(child.stdout).toContain("PASSED");
    },
  );

  it.each([
    ["a folder", () => stage.folder, "OUTPUT_FAILED", 3],
    ["a folder that is not there", () => join(stage.folder, "none", "r.json"), "OUTPUT_FOLDER_MISSING", 2],
    ["below a file", () => join(stage.clean, "r.json"), "OUTPUT_FOLDER_MISSING", 2],
  ] as const)("into %s", async (...[, path, code, exit]) => {
    const child = await stage.run(["scan", stage.clean, "-d", stage.db, "-n", "--output", `json=${path()}`]);
    expectRefusal(child, { code, exit });
  });

  it.each([
    ["a folder", () => stage.folder],
    ["a folder that is not there", () => join(stage.folder, "none", "scan.log")],
  ])("a log into %s: OUTPUT_FAILED", async (...[, path]) => {
    const child = await stage.run(["scan", stage.clean, "-d", stage.db, "-n", "--logfile", path()]);
    expectRefusal(child, { code: "OUTPUT_FAILED", exit: 3 });
  });

  it.skipIf(!canBeNobody)("into a folder without permission: told before the work (skipped: takes root)", async () => {
    const args = ["scan", stage.clean, "-d", stage.db, "-n", "--output", `json=${join(stage.folder, "r.json")}`];
    expectRefusal(await asNobody(stage, args), { code: "OUTPUT_FOLDER_MISSING", exit: 2, says: ["cannot be written"] });
  });

  it("a name of 300 characters costs that report, not the one on stdout", async () => {
    const path = join(stage.folder, "n".repeat(300));
    const child = await stage.run(["scan", stage.clean, "-d", stage.db, "-n", "--output", `json=${path}`]);
    expect([child.code, child.stdout.includes("PASSED")]).toEqual([3, true]);
    expect(child.stderr).toMatch(/^plimsoll: [^\n]+ \[OUTPUT_FAILED\]\n {2}next: [^\n]+\n$/);
  });
});
