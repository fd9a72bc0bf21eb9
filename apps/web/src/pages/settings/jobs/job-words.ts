import type { Job } from "@plimsoll/contract";
import { imageOf } from "../../../ui/image-of.ts";

const words: Readonly<Record<string, string>> = {
  "scan-image": "Scan an image",
  "feed-update": "Fetch knowledge",
  "evaluate-scan": "Judge a scan",
  rematch: "Match anew",
  evaluate: "Renew verdicts",
  "verdict-expiry": "End old verdicts",
  inventory: "Follow what runs",
  retention: "Delete what is too old",
  tidy: "Tidy up",
};

/** Kinds of jobs that people look for. */
export const jobNames: readonly string[] = Object.keys(words);

/** What a kind of job does; its name where nobody wrote that down. */
export function jobWords(name: string): string {
  return words[name] ?? name;
}

/** What a job is about: a scan's image; of others what they are kept by. */
export function jobSubject({ name, key, summary }: Pick<Job, "name" | "key" | "summary">): string {
  return name === "scan-image" ? imageOf({ key, summary }) : key;
}
