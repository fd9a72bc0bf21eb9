import { compareVersions } from "@plimsoll/versions";
import type { RpmFix } from "../../rpm/fixed-rows.ts";

/**
 * Tells apart the streams of modules where a document names several fixed builds of one package and no stream
 * (documents before 2024): postgresql fixed in 12.15, 13.11 and 15.3 is three lines, and 12.15 lacks nothing that 15.3
 * fixes. Each build but the lowest speaks for versions from where its own line begins: 13, 15.
 */
export function streamLines(fixes: readonly RpmFix[]): RpmFix[] {
  const groups = Map.groupBy(fixes, ({ ecosystem, name, nameKind = "" }) => `${ecosystem} ${name} ${nameKind}`);
  return [...groups.values()].flatMap((group) => {
    const unnamed = group.filter(({ module, fixed }) => module === undefined && fixed.includes(".module+"));
    const sorted = unnamed.toSorted((a, b) => compareVersions("rpm", a.fixed, b.fixed) ?? 0);
    const bounded = sorted.map((fix, index) => {
      const introduced = lineStart(sorted[index - 1]?.fixed, fix.fixed);
      return introduced === null ? fix : { ...fix, introduced };
    });
    return [...group.filter((fix) => !unnamed.includes(fix)), ...bounded];
  });
}

/** The shortest beginning of a version that tells it from the one before: `10.5` for 10.5.22 after 10.3.39; `null` for builds of one version. */
function lineStart(before: string | undefined, fixed: string): string | null {
  const [epoch, version] = parts(fixed);
  const [epochBefore, versionBefore] = parts(before ?? "");
  if (before === undefined || epoch !== epochBefore || version === versionBefore) return null;
  const [own, other] = [version.split("."), versionBefore.split(".")];
  const differs = own.findIndex((part, index) => part !== other[index]);
  return differs === -1 ? null : epoch + own.slice(0, differs + 1).join(".");
}

function parts(evr: string): [epoch: string, version: string] {
  const [, epoch = "", version = ""] = /^(\d+:)?([^-]*)/.exec(evr) ?? [];
  return [epoch, version];
}
