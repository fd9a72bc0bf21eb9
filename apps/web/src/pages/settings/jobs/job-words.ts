const words: Readonly<Record<string, string>> = {
  "scan-image": "Scan an image",
  "feed-update": "Fetch knowledge",
  evaluate: "Judge a result",
  rematch: "Match anew",
  "renew-verdicts": "Renew verdicts",
  "verdict-expiry": "End old verdicts",
  retention: "Delete what is too old",
  tidy: "Tidy up",
};

/** Kinds of jobs that people look for. */
export const jobNames: readonly string[] = Object.keys(words);

/** What a kind of job does; its name where nobody wrote that down. */
export function jobWords(name: string): string {
  return words[name] ?? name;
}
