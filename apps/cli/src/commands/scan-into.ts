import { parseSarifOptions, type ReportFormat, reportFormats, type WriteOptions } from "@plimsoll/formats";
import { messageOf, PlimsollError, plainText } from "@plimsoll/kit";
import type { Report } from "@plimsoll/model";
import { analyzeSource } from "../analyze-source.ts";
import { exitCodeOf } from "../exit-code.ts";
import { judge } from "../judge.ts";
import { deliverAll, type Target } from "../outputs.ts";
import { tellProblems } from "../tell-problems.ts";
import { openTools } from "../tools.ts";
import { referenceVersion, version } from "../version.ts";
import { colorsOf, columnsOf, isReferenceMode, type World } from "../world.ts";
import { isJudgedThere } from "./platform-options.ts";
import type { ScanOptions } from "./scan-options.ts";

/** A scan whose parameters are right. */
export interface ScanCall {
  readonly source: string;
  readonly options: ScanOptions;
  readonly world: World;
}

/** Scans and writes every report that was asked for; answers the exit code. */
export async function scanInto(targets: readonly Target[], call: ScanCall): Promise<number> {
  const { options, world } = call;
  const writing: Writing = { startedAt: world.clock(), options, world };
  const isReference = isReferenceMode(world);
  const report = await scanned(call).catch(async (thrown: unknown) => {
    await tellFailure(targets, thrown, { ...writing, source: call.source });
    throw thrown;
  });
  await deliverAll(targets, (target) => formatOf(target).write(report, writeOptions(target, writing)), world);
  const code = exitCodeOf(report, isReference || options.allowIncomplete === true);
  const { complete } = report.verdict;
  await tellProblems(
    { complete, problems: report.problems },
    { code, world, isTold: isTextOnStdout(targets) && !isReference },
  );
  return code;
}

async function scanned({ source, options, world }: ScanCall): Promise<Report> {
  using tools = openTools(options, world);
  if (options.skipDirs !== undefined) await world.stderr.write(skipsNothing);
  const { apiurl, baseline } = options;
  if (apiurl !== undefined && isJudgedThere(options)) {
    const scan = { source, options: { ...options, apiurl }, tools, keep: true };
    if (baseline === undefined) return (await import("../platform/scan-remotely.ts")).scanRemotely(scan);
    const { judgeAgainstRemotely } = await import("../platform/judge-against-remotely.ts");
    return judgeAgainstRemotely(baseline, scan);
  }
  if (baseline !== undefined) {
    const { judgeAgainst } = await import("../judge-against.ts");
    return judgeAgainst(baseline, { source, options, tools });
  }
  await using analyzed = await analyzeSource(source, options, tools);
  const judged = await judge(analyzed.sbom, options, tools);
  await analyzed.verified();
  return judged;
}

/** Reading more than asked is safe, passing over what nobody sees is not. */
const skipsNothing = "plimsoll: --skip-dirs is not supported: every folder is read\n";

function isTextOnStdout(targets: readonly Target[]): boolean {
  return targets.some(({ format, path }) => format === "console" && path === null);
}

interface Writing {
  readonly startedAt: number;
  readonly options: ScanOptions;
  readonly world: World;
}

/** Writes what can say so that a scan could not be done, unless its parameters were wrong (docs/decisions/0016). The failure itself is told by whoever catches it. */
async function tellFailure(
  targets: readonly Target[],
  thrown: unknown,
  writing: Writing & { readonly source: string },
): Promise<void> {
  const { world, options } = writing;
  const error = thrown instanceof PlimsollError ? thrown : null;
  if (world.signal.aborted || error?.exit === 2) return;
  const failure = {
    source: options.overridePullstring ?? writing.source,
    code: error?.code ?? "INTERNAL",
    message: messageOf(thrown),
    next: error?.next ?? "see the log",
  };
  const able = targets.filter((target) => formatOf(target).writeFailure !== undefined);
  const write = (target: Target): string =>
    formatOf(target).writeFailure?.(failure, writeOptions(target, writing)) ?? "";
  await deliverAll(able, write, world).catch(async (unwritten: unknown) => {
    await world.stderr.write(`plimsoll: ${plainText(messageOf(unwritten))}\n`);
  });
}

function formatOf({ format }: Target): ReportFormat {
  const found = reportFormats.find(({ name }) => name === format);
  if (found === undefined) throw new TypeError(`no format ${format}`);
  return found;
}

function writeOptions({ path }: Target, { startedAt, options, world }: Writing): WriteOptions {
  const onStdout = path === null;
  const reference = isReferenceMode(world);
  return {
    scanner: reference ? { name: "sysdig-cli-scanner", version: referenceVersion } : { name: "plimsoll", version },
    scanTime: new Date(startedAt).toISOString(),
    scanDurationMs: world.clock() - startedAt,
    ...(options.overridePullstring !== undefined && { pullString: options.overridePullstring }),
    layers: options.separateByLayer === true,
    ...(options.sarif !== undefined && { sarif: parseSarifOptions(options.sarif) }),
    text: {
      columns: onStdout ? columnsOf(world, world.stdout) : 120,
      colors: onStdout && options.color && colorsOf(world, world.stdout),
      everyFinding: options.fullVulnsTable === true,
      everyRule: options.detailedPoliciesEval === true,
      groupBy: options.separateByLayer ? "layer" : options.separateByImage ? "image" : "nothing",
      reference,
    },
  };
}
