import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Affected } from "@plimsoll/model";
import { sharedData } from "@plimsoll/testkit";
import { isAffected } from "@plimsoll/versions";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildVulndb } from "./build.ts";
import { feeds } from "./feeds.ts";
import type { KnowledgeBase } from "./knowledge-base.ts";
import { openVulndb } from "./open-vulndb.ts";
import { readFeeds } from "./read/read-feeds.ts";
import { openStarter } from "./starter/open-starter.ts";
import { noteFile, readNote } from "./starter/starter-note.ts";

interface Label {
  readonly feed: string;
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly vulnerability: string;
  readonly expected: boolean;
  readonly why: string;
}

const folder = join(import.meta.dirname, "..", "testdata", "quality");
const labels = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name): Label[] => JSON.parse(readFileSync(join(folder, name), "utf8")));
const scratch = mkdtempSync(join(tmpdir(), "quality-test-"));
const noteText = readFileSync(join(import.meta.dirname, "..", "assets", "starter", noteFile), "utf8");
const shipped = new Set(readNote(noteText).feeds.map(({ id }) => id));
const usn = sharedData("feeds", "ubuntu-usn-oval.tar.zst");
const open: KnowledgeBase[] = [];
afterAll(() => {
  for (const knowledge of open) knowledge[Symbol.dispose]();
  rmSync(scratch, { recursive: true });
});

function judge(knowledge: KnowledgeBase, { feed, ecosystem, name, version, vulnerability }: Label): boolean {
  const asked = knowledge.group(vulnerability).name;
  return knowledge
    .affected(ecosystem, name)
    .filter(({ advisory }) => advisory.feed === feed && advisory.withdrawn === undefined)
    .filter(({ advisory }) => advisory.vulnerabilities.some((id) => knowledge.group(id).name === asked))
    .filter(({ affected }) => isModular(version) || isPlain(affected))
    .some(({ affected }) => isAffected(affected.scheme, version, affected).affected);
}

/** A plain build is never judged by what a module stream needs; the distro matcher holds that, not the database. */
function isPlain({ module, ranges }: Affected): boolean {
  return module === undefined && !ranges.some(({ fixed }) => isModular(fixed));
}

function isModular(version = ""): boolean {
  return /\.module[_+]/.test(version);
}

async function build(name: string, from: string, ids: readonly string[]): Promise<KnowledgeBase> {
  const out = join(scratch, `${name}.sqlite`);
  const chosen = feeds.filter(({ id }) => ids.includes(id));
  await buildVulndb(readFeeds(from, { feeds: chosen }), { out, now: Date.parse("2026-01-01T00:00:00Z") });
  return openVulndb(out);
}

/** Labels that hold on one knowledge base. */
function expectLabels(title: string, chosen: readonly Label[], load: () => Promise<KnowledgeBase>): void {
  describe(title, () => {
    let knowledge: KnowledgeBase | undefined;
    beforeAll(async () => {
      knowledge = await load();
      open.push(knowledge);
    }, 60_000);
    it.each(chosen)("$feed: $name $version, $vulnerability → $expected ($why)", (label) => {
      expect(knowledge && judge(knowledge, label)).toBe(label.expected);
    });
  });
}

describe("labelled matches", () => {
  const invented = (label: Label) => label.why.startsWith("invented");
  const real = labels.filter((label) => !invented(label));
  const inStarter = real.filter(({ feed }) => shipped.has(feed));

  it("are at least five for each advisory feed, of both kinds", () => {
    for (const { id } of feeds.filter(({ provides }) => provides === "advisories")) {
      const own = labels.filter(({ feed }) => feed === id);
      expect(own.length, id).toBeGreaterThanOrEqual(5);
      expect(new Set(own.map(({ expected }) => expected)), id).toEqual(new Set([true, false]));
    }
  });

  for (const [id, own] of Map.groupBy(labels.filter(invented), ({ feed }) => feed)) {
    expectLabels(`hold on the made-up documents of ${id}`, own, () => {
      symlinkSync(join(import.meta.dirname, "feeds", id, "testdata"), join(scratch, id));
      return build(`made-up-${id}`, join(scratch, id), [id]);
    });
  }

  expectLabels("hold on the starter knowledge", inStarter, () => openStarter(scratch));

  describe.skipIf(usn === null)(
    `hold on real notices${usn === null ? " (skipped: ../shared/data is absent)" : ""}`,
    () => {
      const ubuntu = real.filter(({ feed }) => feed === "ubuntu-oval");
      expectLabels("of Ubuntu", ubuntu, async () => {
        const from = mkdtempSync(join(scratch, "usn-"));
        symlinkSync(usn ?? "", join(from, "usn.tar.zst"));
        return build("usn", from, ["ubuntu-oval"]);
      });
    },
  );
});
