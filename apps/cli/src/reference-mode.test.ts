import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reportV1 } from "@plimsoll/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "./testing/harbour.ts";

let harbour: Harbour;
beforeAll(async () => {
  harbour = await openHarbour();
});
afterAll(() => harbour?.close());

const token = { env: { SECURE_API_TOKEN: "token-1234" } };
const inAYear = { env: { SOURCE_DATE_EPOCH: String(Date.parse("2027-01-05T00:00:00Z") / 1000) } };

describe("reference mode (decision 3)", () => {
  it("answers --version as its clients expect", async () => {
    const child = await harbour.runAsReference(["--version"]);
    expect([child.code, child.stdout]).toEqual([0, "Sysdig CLI Scanner 1.26.0\n"]);
  });

  it("wants --apiurl and a token unless --standalone: 2", async () => {
    const noUrl = await harbour.runAsReference([harbour.clean], token);
    expect([noUrl.code, noUrl.stdout]).toEqual([2, ""]);
    expect(noUrl.stderr).toContain("[API_URL_MISSING]");
    const noToken = await harbour.runAsReference(["-a", "https://example.test", harbour.clean]);
    expect([noToken.code, noToken.stdout]).toEqual([2, ""]);
    expect(noToken.stderr).toContain("[API_TOKEN_MISSING]");
  });

  it("says that a platform cannot be reached: 3, without the token anywhere", async () => {
    const child = await harbour.runAsReference(["--apiurl=http://127.0.0.1:9", "--console-log", harbour.clean], token);
    expect(child.code).toBe(3);
    expect(child.stderr).toContain("[HOST_UNREACHABLE]");
    expect(child.stderr + child.stdout).not.toContain("token-1234");
  });

  it("evaluates no policy unless one is named", async () => {
    const none = await harbour.runAsReference([harbour.vulnerable, "--standalone", "-d", harbour.db, "--output=json"]);
    expect(none.code, none.stderr).toBe(0);
    const report = reportV1.parse(JSON.parse(none.stdout));
    expect(report.result.policies).toEqual({ globalEvaluation: "passed", evaluations: [] });
    expect(report.scanner).toEqual({ name: "sysdig-cli-scanner", version: "1.26.0" });
    const named = await harbour.runAsReference([
      harbour.vulnerable,
      "-n",
      "-d",
      harbour.db,
      "--policy=plimsoll-default",
    ]);
    expect(named.code).toBe(1);
    expect(named.stdout).toContain("Policy: Plimsoll Default FAILED (");
  });

  it("exits 0 when incomplete, with the problems on stderr and in the report", async () => {
    const child = await harbour.runAsReference([harbour.clean, "-n", "-d", harbour.db, "--output=json"], inAYear);
    expect(child.code).toBe(0);
    expect(child.stderr).toContain("plimsoll: incomplete: ");
    expect(JSON.parse(child.stdout)).toHaveProperty("result.complete", false);
  });

  it("prints header, counts and table in the reference's words", async () => {
    const { stdout } = await harbour.runAsReference([harbour.vulnerable, "-n", "-d", harbour.db]);
    for (const words of [
      "Type:",
      "ImageID:",
      "BaseOS:",
      "alpine 3.18.4",
      "vulnerabilities found",
      "SUGGESTED FIX",
      "POLICIES EVALUATION",
    ]) {
      expect(stdout).toContain(words);
    }
  });

  it("serves an editor: image first, JSON alone on stdout (contract 3.3)", async () => {
    const flags = [
      "--no-cache",
      "--output=json",
      "--output-schema=v1",
      "--separate-by-layer",
      "--console-log",
      "--skipupload",
    ];
    const args = [harbour.vulnerable, ...flags, "--apiurl", "https://example.test", "--dbpath", harbour.db];
    const child = await harbour.runAsReference(args, token);
    expect(child.code, child.stderr).toBe(0);
    expect(reportV1.safeParse(JSON.parse(child.stdout)).success).toBe(true);
    expect(child.stderr).not.toContain("token-1234");
  });

  it("serves Jenkins: report in a file, table on stdout (contract 3.2)", async () => {
    const file = join(harbour.folder, "jenkins.json");
    const flags = ["--apiurl=https://example.test", `--output=json-file=${file}`, "--policy=plimsoll-default"];
    const more = [
      `--dbpath=${harbour.db}`,
      `--cachepath=${harbour.folder}`,
      "--loglevel=debug",
      "--console-log",
      "--standalone",
    ];
    const child = await harbour.runAsReference([...flags, ...more, "--skiptlsverify", harbour.vulnerable], token);
    expect(child.code, child.stderr).toBe(1);
    expect(child.stdout).toContain("PACKAGE");
    expect(reportV1.parse(JSON.parse(readFileSync(file, "utf8"))).result.policies.globalEvaluation).toBe("failed");
  });

  it("knows no sub-commands: an image may be called sbom", async () => {
    const child = await harbour.runAsReference(["sbom", "--standalone", "--offline-analyzer"], {
      env: { DOCKER_HOST: "unix:///none" },
    });
    expect(child.code).toBe(3);
    expect(child.stderr).not.toContain("NOTHING_TO_SCAN");
  });

  it("parses every flag of the reference", async () => {
    const flags = [
      "-t",
      "60",
      "--apitimeout=60",
      "-u",
      "--skipupload",
      "--offline-analyzer",
      "--skip-get-database",
      "--no-cache",
      "-c",
      "--clearcache",
      "-p",
      harbour.folder,
      "--override-pullstring=x:1",
      "--full-vulns-table",
      "--detailed-policies-eval",
      "--separate-by-image",
      "-s",
      "-l",
      "debug",
      "--registry-user=u",
      "--registry-password=p",
      "--registry-skip-tls",
      "--registry-auth-file=/none",
      "--registry-auth-token=abc",
      "--skip-dirs=/tmp",
      "--severity-threshold=high",
      "-r",
      "--list-unsupported-resources",
    ];
    const child = await harbour.runAsReference([...flags, "-n", "-d", harbour.db, harbour.vulnerable]);
    expect(child.code, child.stderr).toBe(0);
    expect(child.stdout).toContain("CVE-2025-0001");
  });
});
