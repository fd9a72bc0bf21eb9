import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type ChildResult, cliEntry } from "@plimsoll/testkit";
import type { Stage } from "./stage.ts";

const become = ["--reuid", "65534", "--regid", "65534", "--clear-groups", process.execPath];

/** Whether this process may become a user without rights: root sees no permissions, so tests of them need another. */
export const canBeNobody: boolean =
  process.getuid?.() === 0 &&
  spawnSync("setpriv", [...become, "-e", `require("node:fs").readFileSync(${JSON.stringify(cliEntry)})`]).status === 0;

/** `plimsoll …` as a user without rights and without a home. */
export function asNobody(stage: Stage, args: readonly string[]): Promise<ChildResult> {
  chmodSync(stage.folder, 0o755);
  const env = { HOME: "/nonexistent", XDG_CACHE_HOME: "", TMPDIR: nobodysFolder(stage), NODE_COMPILE_CACHE: "" };
  return stage.run([...become, cliEntry, ...args], { program: "/usr/bin/setpriv", cwd: "/", env });
}

/** The one folder such a user may write to. */
export function nobodysFolder(stage: Stage): string {
  const folder = join(stage.folder, "nobody");
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  return folder;
}
