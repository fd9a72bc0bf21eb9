import type { Package } from "@plimsoll/model";
import { type Fix, fixesFor, type Upgrade } from "../fix-command.ts";
import { nameText, prose, type Scene } from "./context.ts";
import { displayWidth } from "./display-width.ts";

/** The commands that clear what can be cleared; nothing when no fix is known. */
export function fixLines(packages: readonly Package[], scene: Scene): string[] {
  const upgrades = packages.flatMap((pkg): Upgrade[] => {
    const fix = scene.index.fixOf.get(pkg.id);
    return fix === undefined ? [] : [{ ...named(pkg), version: fix.clearsAll }];
  });
  const fixes = fixesFor(upgrades, scene.index.report.sbom.distro);
  if (fixes.length === 0) return [];
  return [scene.paint("heading", "To fix what can be fixed"), ...fixes.flatMap((fix) => oneFix(fix, scene))];
}

function named({ ecosystem, name, role }: Package): Omit<Upgrade, "version"> {
  return { ecosystem, name, isToolchain: role === "toolchain" };
}

function oneFix({ kind, words }: Fix, { columns }: Scene): string[] {
  const safe = words.map((word) => nameText(word, 300));
  return kind === "text" ? prose(safe.join(" "), { columns, indent: "  " }) : commandLines(safe, columns);
}

/** A command over several lines ends each but the last in a backslash: it can be pasted as it stands. */
function commandLines(words: readonly string[], columns: number): string[] {
  const room = columns - 4;
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && displayWidth(longer) > room) {
      lines.push(line);
      line = `  ${word}`;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  return lines.map((text, index) => `  ${text}${index < lines.length - 1 ? " \\" : ""}`);
}
