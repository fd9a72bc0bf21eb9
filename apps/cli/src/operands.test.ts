import { describe, expect, it } from "vitest";
import { refuseOutputHabit, scanTargets } from "./commands/scan-targets.ts";
import { oneSource } from "./operands.ts";
import { targetOf } from "./outputs.ts";

describe("oneSource", () => {
  it.each([
    [["scan", "nginx"], "put the command first: plimsoll scan"],
    [["sacn", "nginx"], "did you mean plimsoll scan nginx?"],
    [["sca", "nginx"], "did you mean plimsoll scan nginx?"],
    [["sbomm", "nginx"], "did you mean plimsoll sbom nginx?"],
    [["nginx", "redis"], "run it once for each"],
  ])("%j is answered by: %s", (operands, next) => {
    expect(() => oneSource(operands, "scan")).toThrow(expect.objectContaining({ next: expect.stringContaining(next) }));
  });

  it("takes the one there is", () => {
    expect(oneSource(["nginx"], "scan")).toBe("nginx");
  });
});

const formats = ["console", "json-v1", "json-v0"];
const base = {
  progress: true,
  loglevel: "info",
  cache: true,
  apitimeout: 120,
  color: true,
  severityThreshold: "high",
} as const;
const text = { format: "console", path: null };

describe("scanTargets (contract 2.2, 6.1)", () => {
  it.each([
    [{}, [text]],
    [{ output: ["json"] }, [{ format: "json-v1", path: null }]],
    [{ output: ["json"], outputSchema: "v1beta1" }, [{ format: "json-v0", path: null }]],
    [{ output: ["json-file=a.json"] }, [text, { format: "json-v1", path: "a.json" }]],
    [{ output: ["json-file=a=b.json"] }, [text, { format: "json-v1", path: "a=b.json" }]],
    [{ output: ["table"] }, [text]],
    [{ output: ["json-v0=-"] }, [{ format: "json-v0", path: null }]],
    [{ outputJson: "old.json" }, [text, { format: "json-v0", path: "old.json" }]],
    [{ jsonScanResult: "/dev/stdout" }, [{ format: "json-v0", path: null }]],
  ] as const)("%j writes %j", (options, targets) => {
    expect(scanTargets({ ...base, ...options }, formats)).toEqual(targets);
  });
});

describe("-o", () => {
  it.each(["scan.log", "/var/log/plimsoll", "jsonish"])("may be the log file %s", (path) => {
    expect(() => refuseOutputHabit(path, formats)).not.toThrow();
  });

  it.each(["json", "json=x", "table=x", "json-v1=y", "sarif=z"])("is no report: %s", (value) => {
    expect(() => refuseOutputHabit(value, formats)).toThrow(expect.objectContaining({ code: "OUTPUT_HABIT" }));
  });
});

describe("targetOf", () => {
  it.each(["-", "/dev/stdout", "/dev/fd/1"])("%s is standard output", (path) => {
    expect(targetOf("json-v1", path).path).toBeNull();
  });
});
