import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFromRecords, openVulndb } from "@plimsoll/vulndb";
import { expect, it } from "vitest";
import { newestKnowledge } from "../store/knowledge/newest.ts";
import { servers } from "../testing/test-store.ts";
import { adoptAtStart } from "./server-knowledge.ts";

const now = Date.parse("2026-06-01T00:00:00Z");

it("a program that judges otherwise judges everything anew when it starts, and only then", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), "plimsoll-judges-")), (made) =>
    rmSync(made, { recursive: true }),
  );
  const out = join(folder, "vulndb.sqlite");
  const { revision } = await buildFromRecords([], { out, now });
  const { pool } = stack.use(await servers[0].open());
  const startOf = async (judges: string) => {
    using base = openVulndb(out);
    return (await adoptAtStart(pool, { base, judges }, () => now)).seq;
  };
  expect(await startOf("first")).toBe(1);
  expect(await startOf("first")).toBe(1);
  expect(await startOf("second")).toBe(2);
  expect(await startOf("second")).toBe(2);
  expect(await newestKnowledge(pool)).toMatchObject({ seq: 2, revision });
});
