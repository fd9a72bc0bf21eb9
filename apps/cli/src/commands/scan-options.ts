import type { Command } from "commander";
import { Option } from "commander";
import {
  addKnowledgeOptions,
  addSourceOptions,
  collect,
  collectList,
  type KnowledgeOptions,
  type SourceOptions,
  wholeNumber,
} from "../options.ts";
import { newCommand } from "../parse-arguments.ts";

/** Everything `plimsoll scan` takes (spec 7.2, contract 2.2). */
export interface ScanOptions extends SourceOptions, KnowledgeOptions {
  readonly apiurl?: string;
  readonly apitimeout: number;
  readonly skipupload?: true;
  readonly detach?: true;
  readonly policy?: readonly string[];
  readonly output?: readonly string[];
  readonly downloadDbOnly?: true;
  readonly skipDirs?: string;
  readonly sarif?: readonly string[];
  readonly outputSchema?: "v1" | "v0" | "v1beta1";
  readonly outputJson?: string;
  readonly jsonScanResult?: string;
  readonly separateByLayer?: true;
  readonly separateByImage?: true;
  readonly fullVulnsTable?: true;
  readonly detailedPoliciesEval?: true;
  readonly allowIncomplete?: true;
  readonly baseline?: string;
  readonly color: boolean;
  readonly iac?: true;
  readonly recursive?: true;
  readonly severityThreshold: string;
  readonly listUnsupportedResources?: true;
}

/** The command with its options and examples; `path` is how the user calls it. */
export function scanCommand(path: string, formats: readonly string[]): Command {
  const command = newCommand(path)
    .usage("[options] SOURCE")
    .description("Says what is vulnerable in an image, folder or host, and whether policy lets it sail.")
    .option("--policy <id>", "policy to evaluate besides the assigned ones; repeatable, comma list", collectList)
    .option(
      "--output <FORMAT[=FILE]>",
      `report to write, repeatable: json, ${formats.join(", ")}; without FILE it replaces the text on stdout`,
      collect,
    )
    .option(
      "--sarif <setting>",
      "what --output sarif tells, repeatable: min-severity=WORD, type=LIST, not-type=LIST, path=PREFIX, exclude-accepted, group-by-package, include-absent",
      collect,
    )
    .addOption(new Option("--output-schema <schema>", "schema of --output json").choices(["v1", "v0", "v1beta1"]))
    .option("--output-json <file>", "JSON v0 to a file")
    .option("--json-scan-result <file>", "JSON v0 to a file")
    .option("--separate-by-layer", "packages by the layer that brought them; layers in JSON v0")
    .option("--separate-by-image", "packages by base image and application")
    .option("--full-vulns-table", "a row for every vulnerability")
    .option("--detailed-policies-eval", "every rule with every violation")
    .option(
      "--baseline <source|file>",
      "fail only for what is new against it: a source judged now with the same knowledge, or a report (JSON) judged then",
    )
    .option("--allow-incomplete", "exit 0 when passed, even if the answer is incomplete")
    .option("--no-color", "no colours (also NO_COLOR; FORCE_COLOR=1 forces them)");
  addPlatformOptions(addKnowledgeOptions(addSourceOptions(command)));
  return command.addHelpText("after", `\n${examples(path)}`);
}

/** What the reference's flags for its platform and for configuration files parse into. */
function addPlatformOptions(command: Command): Command {
  return command
    .option("-a, --apiurl <url>", "platform that judges and keeps the result; SECURE_API_TOKEN holds its token")
    .option("-t, --apitimeout <seconds>", "longest wait for it", wholeNumber, 120)
    .option("-u, --skipupload", "do not store the result on the platform")
    .option("--detach", "do not wait for its verdict: print the address of the job and exit 0")
    .option("--download-db-only", "update the vulnerability database and stop")
    .addOption(new Option("--skip-dirs <list>", "folders to leave out").hideHelp())
    .addOption(new Option("--iac", "scan infrastructure as code").hideHelp())
    .addOption(new Option("-r, --recursive", "with --iac").hideHelp())
    .addOption(new Option("-f, --severity-threshold <severity>", "with --iac").default("high").hideHelp())
    .addOption(new Option("--list-unsupported-resources", "with --iac").hideHelp());
}

function examples(path: string): string {
  return `Examples:
  ${path} nginx:1.25
  ${path} --platform linux/arm64 pull://registry.example/team/app:2.1
  ${path} --output json=report.json --separate-by-layer image.tar
  ${path} containerd://registry.example/team/app:2.1
  docker save app:1 | ${path} -
  ${path} --policy pci-dss-v4-0 --detailed-policies-eval nginx:1.25
  ${path} --baseline shop/web:1.0 shop/web:1.1
  ${path} dir:/srv/app
  SECURE_API_TOKEN=… ${path} --apiurl https://plimsoll.example nginx:1.25

Exit codes: 0 passed · 1 a policy failed · 2 wrong parameters · 3 could not do it, or passed but incomplete
`;
}
