/** Chapters of the API's documentation, by what stands in a path behind its prefix; the first that fits counts. */
const chapters: readonly (readonly [part: RegExp, tag: string])[] = [
  [/^(uploads|scans|layers|analyses)\b/, "Scanning"],
  [/^scan-now\b/, "Scan Now"],
  [/^results\/:resultId\/vulnerabilities/, "Vulnerabilities"],
  [/^(pipeline-|registry-|runtime-)?results\b|^result-groups\b|^sboms\b/, "Results"],
  [/^(vulnerabilities|vulns|search|blast-radius)\b/, "Vulnerabilities"],
  [/feeds/, "Knowledge"],
  [/inventory|snapshots/, "Inventory"],
  [/^(policies|bundles|accepted-risks)\b/, "Policies and risks"],
  [/zones/, "Zones"],
  [/registr|credentials/, "Registries"],
  [/jobs|dead-letters/, "Jobs"],
  [/audit/, "Audit"],
  [/session|sign|password|\bme\b|identity|^token/, "Sessions and tokens"],
  [/users?|teams?|roles?|permissions|service-?accounts/i, "Users, teams, roles"],
];

/** What the reference has and this version has not. */
const later = "Later versions";
const other = "Other";

/** The chapter of a route. */
export function tagOf({ path, status }: { readonly path: string; readonly status?: number }): string {
  if (status === 501) return later;
  const rest = path.replace(/^\/(secure\/vulnerability|secure|platform|api\/scanning|api)\/(v\d\w*\/)?/, "");
  return chapters.find(([part]) => part.test(rest))?.[1] ?? other;
}

export const tags: readonly string[] = [...new Set([...chapters.map(([, tag]) => tag), other, later])];
