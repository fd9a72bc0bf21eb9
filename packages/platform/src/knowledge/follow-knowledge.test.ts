import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { silentLog } from "@plimsoll/kit";
import type { Advisory } from "@plimsoll/model";
import { buildFromRecords, openVulndb } from "@plimsoll/vulndb";
import { expect, it } from "vitest";
import { replaceDatabase } from "../testing/dying-process.ts";
import { servers } from "../testing/test-store.ts";
import { followKnowledge } from "./follow-knowledge.ts";
import { serverKnowledge } from "./server-knowledge.ts";

const start = Date.parse("2026-06-01T00:00:00Z");

const advisory: Advisory = {
  kind: "advisory",
  id: "GHSA-1",
  feed: "ghsa",
  provider: "github",
  vulnerabilities: ["CVE-2026-1"],
  aliases: [],
  affected: [
    { ecosystem: "npm", name: "a", nameKind: "source", scheme: "semver", ranges: [{}], fixState: "not-fixed" },
  ],
};

it("processes go over to what one of them taught the store, but none teaches it what it knew before", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), "plimsoll-follow-")), (made) =>
    rmSync(made, { recursive: true }),
  );
  const build = async (n: number) => {
    const out = join(folder, `${n}.sqlite`);
    return { out, ...(await buildFromRecords([advisory], { out, now: start + n * 1000 })) };
  };
  const [first, second, third] = [await build(1), await build(2), await build(3)];
  const { pool } = stack.use(await servers[0].open());
  const processOf = async (name: string) => {
    const file = join(folder, `${name}.sqlite`);
    replaceDatabase(file, first.out);
    const knowledge = stack.use(
      await serverKnowledge(
        pool,
        () => openVulndb(file),
        () => start,
      ),
    );
    stack.use(await followKnowledge({ pool, knowledge, log: silentLog }));
    return { file, knowledge, revision: () => knowledge.current().base.status.revision };
  };
  const teacher = await processOf("teacher");
  const pupil = await processOf("pupil");
  const other = await processOf("other");

  replaceDatabase(teacher.file, second.out);
  replaceDatabase(pupil.file, second.out);
  const reading = pupil.knowledge.current().base;
  await teacher.knowledge.reload();
  for (let left = 100; left > 0 && pupil.revision() !== second.revision; left--) await wait(50);
  expect(pupil.revision()).toBe(second.revision);
  expect(pupil.knowledge.current().seq).toBe(teacher.knowledge.current().seq);
  // Whoever was reading the one before reads on.
  expect(reading.affected("npm", "a")).toHaveLength(1);
  // The other machine has not got it yet: it stays, and the store stays where it is.
  expect(other.revision()).toBe(first.revision);
  await other.knowledge.follow();
  // Asked to teach, it says that it cannot; started anew, it says so from the beginning.
  await expect(other.knowledge.reload()).rejects.toMatchObject({ code: "KNOWLEDGE_BEHIND", status: 503 });
  expect(other.knowledge.current().seq).toBe(-1);
  expect(
    (await pool.query("select revision from knowledge order by seq")).rows.map(({ revision }) => revision),
  ).toEqual(["", first.revision, second.revision]);

  // Notices that were missed while the connection was broken are made up for.
  replaceDatabase(pupil.file, third.out);
  replaceDatabase(teacher.file, third.out);
  await pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and pid <> pg_backend_pid()",
  );
  await teacher.knowledge.reload();
  for (let left = 100; left > 0 && pupil.revision() !== third.revision; left--) await wait(50);
  expect(pupil.revision()).toBe(third.revision);
});
