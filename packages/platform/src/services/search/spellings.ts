/** How an id of a flaw, or its beginning, may be spelled where it is kept: `cve-2021` → `CVE-2021`, `ghsa-AB` → `GHSA-ab`. */
export function spellingsOf(text: string): string[] {
  const ghsa = text.toLowerCase().replace(/^ghsa/, "GHSA");
  return [...new Set([text, text.toUpperCase(), ghsa])];
}
