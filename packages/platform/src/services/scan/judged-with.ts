import { type Policy, uuidOf } from "@plimsoll/model";
import type { Scan } from "../../store/ingest/ingest.ts";
import { allPolicies } from "../result/judge-now.ts";

/** What policies and acceptances there were, each as a word: other ones have another. */
export function judgedWith(): Pick<Scan, "policyRevision" | "acceptanceRevision"> {
  return { policyRevision: revisionOf(allPolicies), acceptanceRevision: noAcceptances };
}

function revisionOf(policies: readonly Policy[]): string {
  return uuidOf("policies", JSON.stringify(policies));
}

/** Nobody has accepted a risk. */
const noAcceptances = "none";
