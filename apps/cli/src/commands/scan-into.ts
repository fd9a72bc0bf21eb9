import { parseSarifOptions, reportFormats } from "@plimsoll/formats";
import type { Report } from "@plimsoll/model";
import { analyzeSource } from "../analyze-source.ts";
import { exitCodeOf } from "../exit-code.ts";
import { judge } from "../judge.ts";
import { deliverAll, type Target } from "../outputs.ts";
import { tellProblems } from "../tell-problems.ts";
import { openTools } from "../tools.ts";
import { referenceVersion, version } from "../version.ts";
import { colorsOf, columnsOf, isReferenceMode, type World } from "../world.ts";
import type { ScanOptions } from "./scan-options.ts";

/** A scan whose parameters are right. */
export interface ScanCall {
  readonly source: string;
  readonly options: ScanOptions;
  readonly world: World;
}

/** Scans and writes every report that was asked for; answers the exit code. */
export async function scanInto(targets: readonly Target[], { source, options, world }: ScanCall): Promise<number> {
  const startedAt = world.clock();
  const isReference = isReferenceMode(world);
  const report = await (async () => {
    using tools = openTools(options, world);
    if (options.skipDirs !== undefined) await world.stderr.write(skipsNothing);
    if (options.baseline !== undefined) {
      const { judgeAgainst } = await import("../judge-against.ts");
      return judgeAgainst(options.baseline, { source, options, tools });
    }
    await using analyzed = await analyzeSource(source, options, tools);
    const { apiurl } = options;
    if (apiurl !== undefined && !staysHere(options)) {
      const { judgeRemotely } = await import("../platform/judge-remotely.ts");
      await analyzed.verified();
      return judgeRemotely(analyzed.sbom, { ...options, apiurl }, tools);
    }
    const judged = await judge(analyzed.sbom, options, tools);
    await analyzed.verified();
    return judged;
  })();
  await deliverAll(targets, (target) => documentOf(target, report, { startedAt, options, world }), world);
  const code = exitCodeOf(report, isReference || options.allowIncomplete === true);
  const { complete } = report.verdict;
  await tellProblems(
    { complete, problems: report.problems },
    { code, world, isTold: isTextOnStdout(targets) && !isReference },
  );
  return code;
}

/** Judged on this machine although a platform is named. */
function staysHere({ standalone, skipupload, offlineAnalyzer }: ScanOptions): boolean {
  return standalone === true || skipupload === true || offlineAnalyzer === true;
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

function documentOf(target: Target, report: Report, { startedAt, options, world }: Writing): string {
  const format = reportFormats.find(({ name }) => name === target.format);
  if (format === undefined) throw new TypeError(`no format ${target.format}`);
  const onStdout = target.path === null;
  const reference = isReferenceMode(world);
  return format.write(report, {
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
  });
}
