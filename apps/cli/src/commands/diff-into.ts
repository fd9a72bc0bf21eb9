import { diffReports, judgedSeverity } from "@plimsoll/evaluate";
import { diffFormats } from "@plimsoll/formats";
import { type ComparedSide, type Difference, type Severity, severityRank, sortProblems } from "@plimsoll/model";
import { judgeSides, readSide } from "../compared-side.ts";
import { deliverAll, type Target } from "../outputs.ts";
import { tellProblems } from "../tell-problems.ts";
import { openTools } from "../tools.ts";
import { version } from "../version.ts";
import { colorsOf, columnsOf, type World } from "../world.ts";
import type { DiffCommandOptions } from "./diff-options.ts";

/** A comparison whose parameters are right. */
export interface DiffCall {
  readonly sources: readonly [before: string, after: string];
  /** New findings of at least this severity make the exit code 1; `null`: none does. */
  readonly least: Severity | null;
  readonly options: DiffCommandOptions;
  readonly world: World;
}

/** Compares and writes every document that was asked for; answers the exit code. */
export async function diffInto(targets: readonly Target[], call: DiffCall): Promise<number> {
  const { sources, least, options, world } = call;
  const difference = await (async () => {
    using tools = openTools(options, world);
    const before = await readSide(sources[0], options, tools);
    const after = await readSide(sources[1], options, tools);
    const [earlier, later] = await judgeSides([before, after], options, tools);
    return diffReports(earlier, named(later, options.overridePullstring));
  })();
  await deliverAll(targets, (target) => documentOf(target, difference, call), world);
  const { before, after } = difference;
  const complete = before.report.verdict.complete && after.report.verdict.complete;
  const isNew = least !== null && hasNew(difference, least);
  const code = isNew ? 1 : complete || options.allowIncomplete === true ? 0 : 3;
  const problems = sortProblems([...before.report.problems, ...after.report.problems]);
  const isTold = targets.some(({ format, path }) => format === "console" && path === null);
  await tellProblems({ complete, problems }, { code, world, isTold });
  return code;
}

/** The later side under the name the user gave. */
function named(side: ComparedSide, name: string | undefined): ComparedSide {
  if (name === undefined) return side;
  const { report } = side;
  return { ...side, report: { ...report, sbom: { ...report.sbom, source: { ...report.sbom.source, name } } } };
}

function hasNew({ findings }: Difference, least: Severity): boolean {
  return findings.some(({ state, after }) => {
    if (after === null || (state !== "added" && state !== "worsened")) return false;
    return severityRank(judgedSeverity(after.severity)) >= severityRank(least);
  });
}

function documentOf({ format, path }: Target, difference: Difference, { options, world }: DiffCall): string {
  const writer = diffFormats.find(({ name }) => name === format);
  if (writer === undefined) throw new TypeError(`no format ${format}`);
  const onStdout = path === null;
  return writer.write(difference, {
    scanner: { name: "plimsoll", version },
    text: {
      columns: onStdout ? columnsOf(world, world.stdout) : 120,
      colors: onStdout && options.color && colorsOf(world, world.stdout),
      everyRow: options.fullVulnsTable === true,
    },
  });
}
