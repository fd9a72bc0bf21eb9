import type { Found } from "@plimsoll/contract";

export interface Suggestion {
  /** Of its own among all of them. */
  readonly key: string;
  readonly kind: "vulnerability" | "package" | "asset";
  readonly name: string;
  readonly hint: string;
}

export interface SuggestionGroup {
  readonly title: string;
  readonly members: readonly Suggestion[];
}

/** What was found, by kind; empty kinds are left out. */
export function suggestionsIn({ images, vulnerabilities, packages, workloads }: Found): SuggestionGroup[] {
  const assets = (rows: Found["images"]): Suggestion[] =>
    rows.map(({ assetId, kind, name }) => ({ key: assetId, kind: "asset", name, hint: kind }));
  const groups: SuggestionGroup[] = [
    { title: "Images", members: assets(images) },
    {
      title: "Vulnerabilities",
      members: vulnerabilities.map(({ name, severity }) => ({
        key: `vulnerability ${name}`,
        kind: "vulnerability",
        name,
        hint: severity === "unknown" ? "unrated" : severity,
      })),
    },
    {
      title: "Packages",
      members: packages.map(({ ecosystem, name, versionCount }) => ({
        key: `package ${ecosystem} ${name}`,
        kind: "package",
        name,
        hint: `${ecosystem}, ${versionCount} ${versionCount === 1 ? "version" : "versions"}`,
      })),
    },
    { title: "Workloads and hosts", members: assets(workloads) },
  ];
  return groups.filter(({ members }) => members.length > 0);
}
