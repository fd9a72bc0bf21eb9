import { applyBaseline, diffReports } from "@plimsoll/evaluate";
import type { ComparedSide, Report } from "@plimsoll/model";
import { nameOfSide, readReportOf } from "../compared-side.ts";
import { unexpected } from "./platform-client.ts";
import { type RemoteScan, scanRemotely } from "./scan-remotely.ts";

/** Times that a baseline is judged again because the platform learned something in between. */
const attempts = 3;

/**
 * A source judged by a platform only by what is new against a baseline, which is judged there too unless it is a report.
 * The platform keeps what it found of the source, whatever is new of it. Throws what scanning throws.
 */
export async function judgeAgainstRemotely(baseline: string, scan: RemoteScan): Promise<Report> {
  const named = await nameOfSide(baseline);
  const then = await readReportOf(named, scan.tools);
  if (then !== null) return against({ judged: "then", report: then }, await scanRemotely(scan));
  const judgeBaseline = (): Promise<Report> => scanRemotely({ ...scan, source: named, keep: false });
  let before = await judgeBaseline();
  const after = await scanRemotely(scan);
  for (let left = attempts; before.knowledge.revision !== after.knowledge.revision; left--) {
    if (left === 0) throw unexpected("what it knows changes from one answer to the next");
    before = await judgeBaseline();
  }
  return against({ judged: "now", report: before }, after);
}

function against(before: ComparedSide, report: Report): Report {
  return applyBaseline(diffReports(before, { judged: "now", report }));
}
