import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "./testing/harbour.ts";

let harbour: Harbour;
let flags: readonly string[];
beforeAll(async () => {
  harbour = await openHarbour();
  flags = ["--dbpath", harbour.db, "--standalone"];
  await harbour.run(["scan", harbour.vulnerable, ...flags, "--output", `json=${place("v1.json")}`]);
  await harbour
    .run(["scan", harbour.vulnerable, ...flags, "--output", "json", "--output-schema", "v0"])
    .then((child) => {
      writeFileSync(place("v0.json"), child.stdout);
    });
  await harbour.run(["sbom", harbour.vulnerable, "--output", `plimsoll-json=${place("own.json")}`]);
  await harbour.run(["sbom", harbour.vulnerable, "--output", `cyclonedx-json=${place("cyclonedx.json")}`]);
  await harbour.run(["sbom", harbour.vulnerable, "--output", `cyclonedx-xml=${place("cyclonedx.xml")}`]);
  await harbour.run(["sbom", harbour.vulnerable, "--output", `spdx-json=${place("spdx.json")}`]);
}, 120_000);
afterAll(() => harbour?.close());

function place(name: string): string {
  return join(harbour.folder, name);
}

const later = { env: { SOURCE_DATE_EPOCH: String(Date.parse("2027-01-05T00:00:00Z") / 1000) } };

interface Told {
  readonly sameKnowledge: boolean;
  readonly findings: readonly { readonly state: string; readonly vulnerability: string; readonly cause: string }[];
}

describe("plimsoll diff", () => {
  it("tells what is new by package and layer: 0, or 1 when asked to fail", async () => {
    const sources = [harbour.clean, harbour.vulnerable];
    const child = await harbour.run(["diff", ...sources, ...flags]);
    expect(child.code, child.stderr).toBe(0);
    for (const words of ["2 new", "CVE-2025-0001", "package came", "1 RUN npm ci", "passed → failed"])
      expect(child.stdout).toContain(words);
    const codes = async (...more: string[]) => (await harbour.run(["diff", ...more, ...flags])).code;
    expect(await codes("--fail-on-new", ...sources)).toBe(1);
    expect(await codes(...sources, "--fail-on-new", "critical")).toBe(1);
    expect(await codes("--fail-on-new=high", ...sources.toReversed())).toBe(0);
  });

  it.each(["v1.json", "v0.json", "own.json", "cyclonedx.json", "cyclonedx.xml", "spdx.json"])(
    "finds no difference between an image and its own %s",
    async (name) => {
      const child = await harbour.run([
        "diff",
        place(name),
        harbour.vulnerable,
        ...flags,
        "--output",
        "json",
        "--fail-on-new",
      ]);
      expect(child.code, child.stderr).toBe(0);
      const { findings } = JSON.parse(child.stdout) as Told;
      expect(findings).toEqual([]);
    },
  );

  it("tells newer knowledge from a newer image, with a report judged then", async () => {
    const text = readFileSync(place("v1.json"), "utf8");
    const old = text
      .replaceAll('"name": "CVE-2021-23337"', '"name": "CVE-1999-0001"')
      .replaceAll('"GHSA-35jh-r3h4-6jhm"', '"GHSA-0"')
      .replace('"revision": "2', '"revision": "1');
    writeFileSync(place("old.json"), old);
    const child = await harbour.run([
      "diff",
      `report:${place("old.json")}`,
      harbour.vulnerable,
      ...flags,
      "--output",
      "json",
    ]);
    const { sameKnowledge, findings } = JSON.parse(child.stdout) as Told;
    expect(sameKnowledge).toBe(false);
    expect(findings.map(({ state, vulnerability, cause }) => `${state} ${vulnerability} ${cause}`)).toEqual([
      "added CVE-2021-23337 knowledge-changed",
      "fixed CVE-1999-0001 knowledge-changed",
    ]);
  });

  it("writes the same bytes twice, several documents at once", async () => {
    const args = [
      "diff",
      harbour.clean,
      harbour.vulnerable,
      ...flags,
      `--output=markdown=${place("c.md")}`,
      "--output=json",
    ];
    const [first, second] = [await harbour.run(args), await harbour.run(args)];
    expect(first.stdout).toBe(second.stdout);
    expect(readFileSync(place("c.md"), "utf8")).toMatch(/^<!-- plimsoll diff -->\n## ❌ 2 new/);
  });

  it("is incomplete when a side is: 3 with the reason, 0 with --allow-incomplete, 1 when something is new", async () => {
    const args = ["diff", harbour.vulnerable, harbour.clean, ...flags];
    const child = await harbour.run(args, later);
    expect(child.code, child.stdout).toBe(3);
    expect(child.stdout).toContain("Incomplete: something new could be missing here");
    expect((await harbour.run([...args, "--allow-incomplete"], later)).code).toBe(0);
    const turned = ["diff", harbour.clean, harbour.vulnerable, ...flags, "--fail-on-new"];
    expect((await harbour.run(turned, later)).code).toBe(1);
  });

  it.each([
    [["diff"], "given: 0"],
    [["diff", "a"], "given: 1"],
    [["diff", "a", "b", "c"], "given: 3"],
    [["diff", "a", "b", "--fail-on-new=grave"], "--fail-on-new cannot be"],
    [["diff", "a", "b", "--output", "sarif"], "--output cannot be"],
  ])("refuses %j: 2", async (args, words) => {
    const child = await harbour.run(args);
    expect([child.code, child.stdout]).toEqual([2, ""]);
    expect(child.stderr).toContain(words);
  });

  it("shows its help with examples", async () => {
    const child = await harbour.run(["diff", "--help"]);
    expect(child.code).toBe(0);
    expect(child.stdout).toContain("plimsoll diff report:last-month.json shop/web:1.0");
  });
});

describe("plimsoll scan --baseline", () => {
  const scan = (baseline: string, ...more: readonly string[]) =>
    harbour.run(["scan", harbour.vulnerable, ...flags, "--baseline", baseline, ...more]);

  it("passes what the baseline had and fails what it had not", async () => {
    expect((await scan(harbour.vulnerable)).code).toBe(0);
    expect((await scan(place("v1.json"))).code).toBe(0);
    expect((await scan(`sbom:${place("own.json")}`)).code).toBe(0);
    expect((await scan(harbour.clean)).code).toBe(1);
  });

  it("fails what has become worse since the report was written", async () => {
    const text = readFileSync(place("v1.json"), "utf8");
    writeFileSync(place("milder.json"), text.replace('"severity": "critical"', '"severity": "low"'));
    expect((await scan(place("milder.json"))).code).toBe(1);
  });

  it("is never clean because of a baseline that cannot be read: 3, nothing written", async () => {
    for (const baseline of [place("nothing.json"), `report:${harbour.clean}`, `sbom:${place("v1.json")}`]) {
      const child = await scan(baseline);
      expect([2, 3], baseline).toContain(child.code);
      expect(child.stdout).toBe("");
    }
  });

  it("is incomplete against a baseline that is: 3", async () => {
    writeFileSync(
      place("partial.json"),
      readFileSync(place("v1.json"), "utf8").replace('"complete": true', '"complete": false'),
    );
    const child = await scan(place("partial.json"));
    expect(child.code).toBe(3);
    expect(child.stdout).toContain("PASSED, BUT INCOMPLETE");
    expect((await scan(place("partial.json"), "--allow-incomplete")).code).toBe(0);
  });
});

describe("hostile baselines", () => {
  const good = () => readFileSync(place("v1.json"), "utf8");
  const attacks: readonly (readonly [string, string, () => void])[] = [
    [
      "a file of many gigabytes",
      "INPUT_FAILED",
      () => {
        writeFileSync(place("attack.json"), '{"info":');
        truncateSync(place("attack.json"), 2 ** 35);
      },
    ],
    ["thirty million brackets", "BAD_REPORT", () => manyBrackets()],
    ["half a report", "BAD_REPORT", () => writeFileSync(place("attack.json"), good().slice(0, 3000))],
    [
      "a report without findings",
      "BAD_REPORT",
      () => writeFileSync(place("attack.json"), good().replace('"vulnerabilities"', '"x"')),
    ],
    [
      "a report whose findings name no package",
      "BAD_REPORT",
      () => writeFileSync(place("attack.json"), good().replace(/"packageRef": "[^"]+"/, '"packageRef": "0"')),
    ],
    [
      "keys of the language",
      "BAD_REPORT",
      () => writeFileSync(place("attack.json"), '{"info":{},"__proto__":{"result":{}},"constructor":1}'),
    ],
  ];

  function manyBrackets(): void {
    const file = openSync(place("attack.json"), "w");
    writeSync(file, '{"info":');
    const brackets = "[".repeat(1_000_000);
    for (let count = 0; count < 30; count += 1) writeSync(file, brackets);
    closeSync(file);
  }

  it.each(attacks)("%s: %s", async (...[, code, write]) => {
    write();
    const child = await harbour.run(["scan", harbour.vulnerable, ...flags, "--baseline", place("attack.json")]);
    expect(child.code, child.stderr).toBe(3);
    expect(child.stderr).toContain(`[${code}]`);
    expect(child.stdout).toBe("");
    expect(child.peakRssBytes).toBeLessThan(300e6);
    expect(child.wallMs).toBeLessThan(20_000);
    expect(child.filesLeft).toEqual([]);
  });

  it("fifty thousand findings of one package under one alias: compared in time", async () => {
    const document = JSON.parse(good()) as { result: { vulnerabilities: Record<string, Record<string, unknown>> } };
    const [sample] = Object.values(document.result.vulnerabilities);
    const many = Array.from({ length: 50_000 }, (_, index) => [
      `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      { ...sample, name: `X-${index}`, aliases: ["ONE"], providersMetadata: null },
    ]);
    document.result.vulnerabilities = Object.fromEntries(many) as typeof document.result.vulnerabilities;
    writeFileSync(place("attack.json"), JSON.stringify(document));
    const child = await harbour.run(["diff", place("attack.json"), place("attack.json"), "--output", "json"]);
    expect(child.code, child.stderr).toBe(0);
    expect(child.wallMs).toBeLessThan(25_000);
  });
});
