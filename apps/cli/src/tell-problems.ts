import { plainText } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import type { World } from "./world.ts";

/** What it is about. */
export interface Told {
  readonly complete: boolean;
  readonly problems: readonly Problem[];
}

/** How a run ended, for its last words. */
export interface Ending {
  readonly code: number;
  readonly world: World;
  /** Whether the text report with the problems is on stdout already. */
  readonly isTold: boolean;
}

/** What makes an answer incomplete is said on stderr too when no text report shows it, and why the exit code is 3. */
export async function tellProblems({ complete, problems }: Told, { code, world, isTold }: Ending): Promise<void> {
  if (complete) return;
  const incomplete = problems.filter(({ level }) => level === "incomplete");
  const lines = isTold
    ? []
    : incomplete.slice(0, 20).map(({ message, path, next }) => {
        const where = path === undefined ? "" : ` (${path})`;
        return plainText(`plimsoll: incomplete: ${message}${where}${next === undefined ? "" : `; ${next}`}`, 600);
      });
  if (incomplete.length > 20 && !isTold) lines.push(`plimsoll: incomplete: and ${incomplete.length - 20} more`);
  if (code === 3) lines.push("plimsoll: incomplete, so the exit code is 3 (--allow-incomplete makes it 0)");
  if (lines.length > 0) await world.stderr.write(`${lines.join("\n")}\n`);
}
