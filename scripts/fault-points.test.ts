import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildServer } from "./build-server.ts";

const root = join(import.meta.dirname, "..");
const place = /^\s*FAULT: fault\("([a-z.-]+)"\);$/;

/** Points that the sources have, and calls that the build would not drop. */
function placed() {
  const files = globSync("{packages,apps}/*/src/**/*.ts", { cwd: root, exclude: ["**/*.test.ts", "**/testing/**"] });
  const lines = files.flatMap((file) => readFileSync(join(root, file), "utf8").split("\n"));
  const calls = lines.filter((line) => /\bfault\("[a-z]/.test(line));
  return {
    points: calls.flatMap((line) => place.exec(line)?.[1] ?? []),
    loose: calls.filter((line) => !place.test(line)),
  };
}

it("every point at which tests let the program die is in the sources, and the build drops it", async () => {
  const { points, loose } = placed();
  expect(loose).toEqual([]);
  const told = readFileSync(join(root, "packages/platform/src/fault.ts"), "utf8");
  const names = [...told.matchAll(/^ {2}\| "([a-z.-]+)"/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(20);
  expect([...new Set(points)].toSorted()).toEqual(names.toSorted());

  const files = await buildServer(root, { readers: "test", judges: "test" });
  const text = [...files.values()].map((bytes) => Buffer.from(bytes).toString("utf8")).join("\n");
  expect(text).toContain("plimsoll");
  const marks = [
    ...names.map((name) => new RegExp(RegExp.escape(`"${name}"`))),
    /\bonFault\b/,
    /\bFAULT:/,
    /\bfault\(/,
  ];
  const shipped = marks.filter((mark) => mark.test(text)).map(String);
  expect(shipped).toEqual([]);
}, 60_000);
