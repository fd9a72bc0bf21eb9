import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportV0, reportV1 } from "@plimsoll/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "./testing/harbour.ts";
import { strayFiles } from "./testing/stray-files.ts";

let harbour: Harbour;
beforeAll(async () => {
  harbour = await openHarbour();
});
afterAll(() => harbour?.close());

const inAYear = { env: { SOURCE_DATE_EPOCH: String(Date.parse("2027-01-05T00:00:00Z") / 1000) } };

describe("plimsoll scan", () => {
  it("fails an image with a critical vulnerability that has a fix: 1, and the text says what to do", async () => {
    const child = await harbour.run([harbour.vulnerable, "--dbpath", harbour.db, "--standalone"]);
    expect(child.code, child.stderr).toBe(1);
    for (const words of [
      "FAILED  Plimsoll Default",
      "Alpine Linux v3.18 (alpine 3.18.4)",
      "CVE-2025-0001",
      "apk add --no-cache --upgrade 'openssl>=3.0.9-r1'",
      "npm install lodash@4.17.21",
      "RUN npm ci",
    ]) {
      expect(child.stdout).toContain(words);
    }
    expect(child.stdout).not.toContain("\u001b");
    expect(child.stderr).toBe("");
    expect(strayFiles(child)).toEqual([]);
  });

  it("passes a clean image: 0", async () => {
    const child = await harbour.run([
      "scan",
      `file://${harbour.clean}`,
      `--dbpath=${harbour.db}`,
      "--skip-get-database",
    ]);
    expect(child.code, child.stdout + child.stderr).toBe(0);
    expect(child.stdout).toContain("PASSED  by Plimsoll Default");
    expect(child.stdout).toContain("No known vulnerability in 1 package");
  });

  it("passes with old knowledge: 3, with the reason; 0 with --allow-incomplete", async () => {
    const args = [harbour.clean, "--dbpath", harbour.db, "--standalone"];
    const child = await harbour.run(args, inAYear);
    expect(child.code, child.stdout + child.stderr).toBe(3);
    expect(child.stdout).toContain("PASSED, BUT INCOMPLETE");
    expect(child.stderr).toContain("--allow-incomplete");
    expect((await harbour.run([...args, "--allow-incomplete"], inAYear)).code).toBe(0);
    expect((await harbour.run([...args, "--max-knowledge-age", "1000"], inAYear)).code).toBe(0);
  });

  it("fails although incomplete: 1", async () => {
    const child = await harbour.run([harbour.vulnerable, "--dbpath", harbour.db, "--standalone"], inAYear);
    expect(child.code).toBe(1);
    expect(child.stdout).toContain("FAILED (and incomplete)");
  });

  it("cannot read what is not there: 3 or 2 with a code, nothing written", async () => {
    const child = await harbour.run(["file:///does/not/exist.tar", "--dbpath", harbour.db, "--output", "json"]);
    expect([2, 3]).toContain(child.code);
    expect(child.stderr).toMatch(/^plimsoll: .+ \[[A-Z_]+\]\n {2}next: .+\n$/);
    expect(child.stdout).toBe("");
  });

  it("tells a test report that the scan could not be done: 3, and writes no report that could pass for a clean one", async () => {
    const [junit, json, sarif] = ["failed.junit.xml", "failed.json", "failed.sarif"].map((name) =>
      join(harbour.folder, name),
    );
    const broken = join(harbour.folder, "broken.tar");
    writeFileSync(broken, "x".repeat(2000));
    const outputs = [`junit=${junit}`, `json=${json}`, `sarif=${sarif}`].flatMap((one) => ["--output", one]);
    const child = await harbour.run([`file://${broken}`, "--dbpath", harbour.db, "--standalone", ...outputs]);
    const [, code = ""] = /\[([A-Z_]+)\]\n/.exec(child.stderr) ?? [];
    expect(child.code, child.stderr).toBe(3);
    expect(readFileSync(junit ?? "", "utf8")).toMatch(new RegExp(`errors="1"[^]*\\[${code}\\]`));
    expect([json, sarif].map((path) => existsSync(path ?? ""))).toEqual([false, false]);
  });

  it("names a damaged database: 3", async () => {
    const child = await harbour.run([harbour.clean, "--dbpath", harbour.clean, "--standalone"]);
    expect(child.code).toBe(3);
    expect(child.stderr).toMatch(/\[DB_(CORRUPT|UNREADABLE)\]/);
  });

  it("writes JSON v1 alone on stdout, logs to stderr", async () => {
    const args = [harbour.vulnerable, "--dbpath", harbour.db, "--standalone", "--output=json", "--console-log"];
    const child = await harbour.run([...args, "--loglevel", "debug"]);
    expect(child.code).toBe(1);
    const report = JSON.parse(child.stdout) as unknown;
    expect(reportV1.parse(report)).toEqual(report);
    expect(child.stderr).toContain("source analysed");
  });

  it("writes several reports at once, each to its place", async () => {
    const [v1, v0, text] = ["v1.json", "v0.json", "report.txt"].map((name) => join(harbour.folder, name));
    const args = [
      harbour.vulnerable,
      "-d",
      harbour.db,
      "-n",
      `--output=json-file=${v1}`,
      "--output",
      `console=${text}`,
    ];
    const child = await harbour.run([...args, "--json-scan-result", v0 ?? "", "--separate-by-layer"], {
      env: { FORCE_COLOR: "1" },
    });
    expect(child.code, child.stderr).toBe(1);
    expect(child.stdout).toContain("\u001b[");
    expect(reportV1.safeParse(JSON.parse(readFileSync(v1 ?? "", "utf8"))).success).toBe(true);
    const older = reportV0.parse(JSON.parse(readFileSync(v0 ?? "", "utf8")));
    expect(older.result.layers).toHaveLength(2);
    expect(readFileSync(text ?? "", "utf8")).not.toContain("\u001b");
  });

  it.each([
    ["text", []],
    ["JSON v1", ["--output", "json"]],
    ["JSON v0", ["--output", "json", "--output-schema", "v1beta1"]],
  ])("writes the same bytes twice as %s", async (_, more) => {
    const args = [harbour.vulnerable, "--dbpath", harbour.db, "--standalone", ...more];
    const [first, second] = [await harbour.run(args), await harbour.run(args)];
    expect(first.stdout).toBe(second.stdout);
    expect(first.stdout.length).toBeGreaterThan(500);
  });

  it("evaluates named policies besides the default one, by identifier or name, repeated or as a list", async () => {
    const policies = ["--policy=pci-dss-v4-0, NIST SP 800-190", "--policy", "nist-sp-800-53-rev-5"];
    const child = await harbour.run([harbour.clean, "-d", harbour.db, "-n", "--output", "json", ...policies]);
    const { evaluations } = reportV1.parse(JSON.parse(child.stdout)).result.policies;
    const identifiers = evaluations.map(({ identifier }) => identifier).sort();
    expect(identifiers).toEqual(["nist-sp-800-190", "nist-sp-800-53-rev-5", "pci-dss-v4-0", "plimsoll-default"]);
    expect(child.code).toBe(1);
    const unknown = await harbour.run([harbour.clean, "-d", harbour.db, "-n", "--policy", "nope"]);
    expect([unknown.code, unknown.stdout]).toEqual([2, ""]);
    expect(unknown.stderr).toContain("pci-dss-v4-0");
  });

  it("reports the source under another name", async () => {
    const args = [harbour.clean, "-d", harbour.db, "-n", "--override-pullstring", "shop/web:7"];
    expect((await harbour.run(args)).stdout).toContain("Image     shop/web:7");
  });

  it("writes SARIF with filters, and refuses a filter it does not know: 2", async () => {
    const flags = ["--dbpath", harbour.db, "--standalone", "--output", "sarif"];
    const results = async (...settings: readonly string[]): Promise<number> => {
      const child = await harbour.run([harbour.vulnerable, ...flags, ...settings]);
      return (JSON.parse(child.stdout) as { runs: { results: unknown[] }[] }).runs[0]?.results.length ?? 0;
    };
    expect(await results()).toBe(2);
    expect(await results("--sarif", "not-type=os")).toBe(1);
    const refused = await harbour.run([harbour.vulnerable, ...flags, "--sarif", "color=red"]);
    expect([refused.code, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain("[BAD_SARIF_SETTING]");
  });

  it("ignores empty arguments, and takes the source first or last", async () => {
    const flags = ["--dbpath", harbour.db, "", "--standalone", ""];
    expect((await harbour.run([...flags, harbour.clean])).code).toBe(0);
    expect((await harbour.run(["", harbour.clean, ...flags])).code).toBe(0);
  });
});

describe("plimsoll sbom", () => {
  it("writes CycloneDX, and a document that scans like the image", async () => {
    const saved = join(harbour.folder, "saved.json");
    const bom = await harbour.run([
      "sbom",
      harbour.vulnerable,
      "--output",
      "cyclonedx",
      "--output",
      `plimsoll-json=${saved}`,
    ]);
    expect(bom.code, bom.stderr).toBe(0);
    const parsed = JSON.parse(bom.stdout) as { components: { name: string }[] };
    expect(parsed.components.map(({ name }) => name)).toEqual(["alpine", "musl", "openssl", "lodash"]);
    const flags = ["--dbpath", harbour.db, "--standalone", "--output", "json"];
    const fromSbom = await harbour.run([`sbom:${saved}`, ...flags]);
    const fromImage = await harbour.run([harbour.vulnerable, ...flags]);
    expect(fromSbom.stdout).toBe(fromImage.stdout);
    expect(fromSbom.code).toBe(1);
  });

  it.each(["cyclonedx-json", "cyclonedx-json-1-5", "cyclonedx-xml-1-7", "spdx-json"])(
    "finds the same in its %s document as in the image",
    async (format) => {
      const saved = join(harbour.folder, `saved.${format}`);
      await harbour.run(["sbom", harbour.vulnerable, "--output", `${format}=${saved}`]);
      const flags = ["--dbpath", harbour.db, "--standalone", "--output", "csv"];
      const fromSbom = await harbour.run([`sbom:${saved}`, ...flags]);
      const fromImage = await harbour.run([harbour.vulnerable, ...flags]);
      expect(fromSbom.stdout, fromSbom.stderr).toBe(fromImage.stdout);
      expect(fromImage.stdout).toContain("CVE-2025-0001");
    },
  );

  it("refuses what is no SBOM", async () => {
    const child = await harbour.run([`sbom:${harbour.clean}`, "--dbpath", harbour.db]);
    expect(child.code).toBe(3);
    expect(child.stderr).toContain("[UNKNOWN_SBOM]");
  });
});

describe("plimsoll explain", () => {
  it("shows range and comparison of a finding", async () => {
    const child = await harbour.run(["explain", "CVE-2025-0001", harbour.vulnerable, "-d", harbour.db, "-n"]);
    expect(child.code, child.stderr).toBe(0);
    expect(child.stdout).toContain("AFFECTED, fixed in 3.0.9-r1");
    expect(child.stdout).toContain("< 3.0.9-r1");
  });

  it("explains a finding that is not there", async () => {
    const args = ["explain", "CVE-2021-23337", harbour.clean, "--package", "musl", "-d", harbour.db, "-n"];
    const child = await harbour.run(args);
    expect([child.code, child.stderr]).toEqual([0, ""]);
    expect(child.stdout).toContain("no advisory for its names speaks of this vulnerability");
  });
});

describe("plimsoll db status", () => {
  it("shows revision, feeds, dates and counts, and as JSON", async () => {
    const text = await harbour.run(["db", "status", "--dbpath", harbour.db]);
    expect(text.stdout).toMatch(/alpine-secdb {2}2026-01-04 {2}1 day/);
    expect(text.stdout).toContain("covers alpine:3.18, npm");
    const json = JSON.parse((await harbour.run(["db", "status", "--dbpath", harbour.db, "--json"])).stdout) as object;
    expect(json).toHaveProperty("counts.advisories", 2);
  });

  it("says what to do when there is none", async () => {
    const child = await harbour.run(["db", "status"]);
    expect(child.code).toBe(3);
    expect(child.stderr).toContain("plimsoll db update");
  });
});

const starter = join(import.meta.dirname, "../../../packages/vulndb/assets/starter/starter.json");

describe("without a database", () => {
  it.skipIf(!existsSync(starter))(
    "the starter knowledge serves, says so, and leaves nothing with --no-cache (skipped without the starter)",
    async () => {
      const child = await harbour.run([harbour.clean, "--standalone", "--no-cache"]);
      expect(child.code, child.stdout + child.stderr).toBe(3);
      expect(child.stdout).toContain("starter knowledge");
      expect(child.filesLeft).toEqual([]);
    },
  );

  it.skipIf(!existsSync(starter))(
    "a network that is not there costs little (skipped without the starter)",
    async () => {
      const child = await harbour.run([harbour.clean], {
        env: { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" },
      });
      expect(child.code, child.stdout + child.stderr).toBe(3);
      expect(child.stdout).toContain("none could be fetched");
      expect(child.wallMs).toBeLessThan(20_000);
    },
  );
});
