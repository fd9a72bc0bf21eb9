/** Chapters of the API's documentation, by what stands in a path; the first that fits counts. */
const chapters: readonly (readonly [part: RegExp, tag: string])[] = [
  [/\/(uploads|scans|analys)/, "Scanning"],
  [/\/(scan-now|scan-jobs)/, "Scan Now"],
  [/\/(pipeline-results|registry-results|runtime-results|results|sboms)\b/, "Results"],
  [/\/(vulnerabilit|vulns|search|blast|packages)/, "Vulnerabilities"],
  [/feeds/, "Knowledge"],
  [/inventory|resources/, "Inventory"],
  [/\/(policies|bundles|accepted-risks)\b/, "Policies and risks"],
  [/zones/, "Zones"],
  [/registr|credentials/, "Registries"],
  [/jobs|dead-letters/, "Jobs"],
  [/audit/, "Audit"],
  [/session|sign|password|\/me\b|identity|token/, "Sessions and tokens"],
  [/users?|teams?|roles?|permissions|service-?accounts|access-keys/i, "Users, teams, roles"],
];

/** The chapter of a path. */
export function tagOf(path: string): string {
  return chapters.find(([part]) => part.test(path))?.[1] ?? "Other";
}

export const tags: readonly string[] = [...chapters.map(([, tag]) => tag), "Other"];
