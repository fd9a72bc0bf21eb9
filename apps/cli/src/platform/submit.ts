import { type Report, uuidOf } from "@plimsoll/model";
import { cliError } from "../errors.ts";
import { ask, isRecord, type Platform, type Refusal, unexpected } from "./platform-client.ts";
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

/** Has it judged. `null`: the platform wants the whole SBOM. Throws BAD_OPTION_VALUE, PLATFORM_UNEXPECTED, what asking throws. */
export async function submit(platform: Platform, sent: Sent, judging: Judging): Promise<Report | null> {
  const { once, ...rest } = judging;
  const named = "upload" in sent ? { upload: sent.upload } : { analysis: sent.analysis };
  const body = { ...named, ...rest, key: uuidOf("scan", once, JSON.stringify(named)) };
  const answer = await ask(platform, { method: "POST", path: "/scans", body, isLong: true }, (refusal) => {
    if (refusal.type === "UNKNOWN_POLICY") throw unknownPolicy(refusal, judging.policies);
    return "analysis" in sent && wantsWhole.has(refusal.type) ? ("whole" as const) : null;
  });
  if (answer === "whole") return null;
  if (!isRecord(answer)) throw unexpected("no object");
  return readJudgement(answer.report, sent);
}

/** In the words of a scan that is judged here. */
function unknownPolicy({ message, details }: Refusal, policies: readonly string[]) {
  const word = policies.find((policy) => message.includes(policy)) ?? policies.join(", ");
  const next = details[0] ?? "ask the platform which policies there are";
  return cliError("BAD_OPTION_VALUE", { fields: { option: "--policy", value: JSON.stringify(word), next } });
}
