import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import { type BuildReport, buildVulndb } from "../build.ts";
import { feeds } from "../feeds.ts";
import { readFeeds } from "../read/read-feeds.ts";
import { noteFile, packedFile, type StarterFeed, type StarterNote } from "./starter-note.ts";

/**
 * Makes the starter database (decision 8) from the redistributable feeds in the folder `from` and writes it, packed, with
 * its note and its table of licences into the folder `to`. Run once for a release; takes about a minute.
 */
export async function buildStarter(from: string, to: string, now: number): Promise<BuildReport> {
  const scratch = await mkdtemp(join(tmpdir(), "plimsoll-starter-"));
  try {
    const out = join(scratch, "vulndb.sqlite");
    const used = feeds.filter(({ redistributable }) => redistributable);
    const report = await buildVulndb(readFeeds(from, { feeds: used }), { out, now, factsOnly: true, starter: true });
    const bytes = await readFile(out);
    const note = noteOf(report, bytes);
    await mkdir(to, { recursive: true });
    await writeFile(join(to, packedFile), packed(bytes));
    await writeFile(join(to, noteFile), `${JSON.stringify(note, null, 2)}\n`);
    await writeFile(join(to, "STARTER.md"), tableOf(note));
    return report;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Level 19 with a window of 128 MiB: a quarter of the size in a quarter of a minute. */
function packed(bytes: Uint8Array): Buffer {
  return zstdCompressSync(bytes, {
    params: {
      [constants.ZSTD_c_compressionLevel]: 19,
      [constants.ZSTD_c_enableLongDistanceMatching]: 1,
      [constants.ZSTD_c_windowLog]: 27,
    },
  });
}

function noteOf(report: BuildReport, bytes: Uint8Array): StarterNote {
  const { revision, builtAt } = report;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { revision, builtAt, bytes: bytes.length, sha256, feeds: report.feeds.map(starterFeed) };
}

function starterFeed({ id, title, date, records }: BuildReport["feeds"][number]): StarterFeed {
  return { id, title, licence: feeds.find((feed) => feed.id === id)?.licence ?? "", date, records };
}

function tableOf({ revision, feeds: used }: StarterNote): string {
  const rows = used.map(
    ({ title, licence, date, records }) =>
      `| ${[title, licence, date === "" ? "not dated" : date, records.toLocaleString("en")].join(" | ")} |`,
  );
  return `# Starter knowledge

\`${packedFile}\` is a facts-only vulnerability database, revision ${revision}: identifiers, package names, version
ranges, fixed versions, severities, CVSS vectors and scores, dates, EPSS, KEV and exploit counts. No text of any advisory
is in it. It was made from these feeds, under their terms:

| feed | licence | date of the data | records |
| --- | --- | --- | --- |
${rows.join("\n")}

- EPSS scores are by courtesy of FIRST.org (https://www.first.org/epss).
- GitHub, Go, PyPA, Red Hat and SUSE data are used under CC-BY-4.0; they were reduced to the facts named above and
  joined.
- Of Red Hat's CSAF documents and OVAL and of SUSE's documents only a part of the years is here.
- Alpine states no licence for its security database. It is published for scanners to read, and what is kept of it are
  facts: which version of which package fixes which CVE.
- Ubuntu's notices are not in it: their documents state GPL-3 and the site CC-BY-SA-4.0, which would bind the whole.
`;
}
