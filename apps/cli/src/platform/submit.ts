import { type Report, uuidOf } from "@plimsoll/model";
import { cliError } from "../errors.ts";
import { followJob } from "./follow-job.ts";
import { addressOf, ask, isRecord, type Platform, type Refusal, unexpected } from "./platform-client.ts";
import { readJudgement } from "./read-judgement.ts";
import type { Sent } from "./sent.ts";

/** How a scan is to be judged. */
export interface Judging {
  readonly stage: "pipeline" | "runtime";
  readonly name: string;
  readonly policies: readonly string[];
  readonly maxKnowledgeAge?: number;
  /** Whether the platform keeps the result. */
  readonly keep: boolean;
  /** Tells this scan from every other of this token. */
  readonly once: string;
}

/** What the platform no longer knows, or never understood: the whole SBOM serves as well. */
const wantsWhole: ReadonlySet<string> = new Set(["LAYERS_UNKNOWN", "SHAPING_UNKNOWN", "ANALYSIS_UNREADABLE"]);

/**
 * Has it judged, and follows the job where the platform makes one of it. `null`: the platform wants the whole SBOM. Throws
 * BAD_OPTION_VALUE, PLATFORM_UNEXPECTED, what asking and following throw.
 */
export async function submit(platform: Platform, sent: Sent, judging: Judging): Promise<Report | null> {
  const scan = { sent, judging };
  let answer = await send(platform, scan);
  const job = jobOf(answer);
  if (job !== null) {
    await followJob(platform, job);
    // Under its key it is answered as if it had been judged at once, whatever came of the job.
    answer = await send(platform, scan, `wait=${platform.seconds}`);
  }
  if (answer === "whole") return null;
  if (!isRecord(answer)) throw unexpected("no object");
  return readJudgement(answer.report, sent);
}

/** Leaves it to the platform: the address of the job that judges it, or of the result. `null`, throws: as {@link submit}. */
export async function submitDetached(platform: Platform, sent: Sent, judging: Judging): Promise<string | null> {
  const answer = await send(platform, { sent, judging }, "respond-async");
  if (answer === "whole") return null;
  const job = jobOf(answer);
  if (job !== null) return addressOf(platform, `/jobs/${job}`);
  const result = isRecord(answer) ? answer.resultId : null;
  if (typeof result !== "string" || !/^[0-9a-f]{32}$/.test(result)) throw unexpected("neither a job nor a result");
  return addressOf(platform, `/results/${result}`);
}

interface Scan {
  readonly sent: Sent;
  readonly judging: Judging;
}

async function send(platform: Platform, { sent, judging }: Scan, prefer?: string): Promise<unknown> {
  const { once, ...rest } = judging;
  const named = "upload" in sent ? { upload: sent.upload } : { analysis: sent.analysis };
  const body = { ...named, ...rest, key: uuidOf("scan", once, JSON.stringify(named)) };
  const question = {
    method: "POST",
    path: "/scans",
    body,
    isLong: true,
    ...(prefer !== undefined && { prefer }),
  } as const;
  return ask(platform, question, (refusal) => {
    if (refusal.type === "UNKNOWN_POLICY") throw unknownPolicy(refusal, judging.policies);
    return "analysis" in sent && wantsWhole.has(refusal.type) ? ("whole" as const) : null;
  });
}

/** The job that a scan was left to; `null`: it was judged. */
function jobOf(answer: unknown): string | null {
  if (!isRecord(answer) || !("jobId" in answer)) return null;
  const { jobId } = answer;
  if (typeof jobId !== "string" || !/^[1-9][0-9]{0,14}$/.test(jobId)) throw unexpected("its job has no number");
  return jobId;
}

/** In the words of a scan that is judged here. */
function unknownPolicy({ message, details }: Refusal, policies: readonly string[]) {
  const word = policies.find((policy) => message.includes(policy)) ?? policies.join(", ");
  const next = details[0] ?? "ask the platform which policies there are";
  return cliError("BAD_OPTION_VALUE", { fields: { option: "--policy", value: JSON.stringify(word), next } });
}
