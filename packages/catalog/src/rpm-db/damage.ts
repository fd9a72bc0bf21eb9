import { plainText } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";

/** Collects what could not be read in one database, so that everything else is still reported. */
export interface Damage {
  /** Notes one thing in a few words: `page 7 missing`. */
  add(what: string): void;
  /** So much is unreadable that going on would only cost time. */
  isHopeless(): boolean;
  /** One `incomplete` Problem for all of it; none when nothing was noted. */
  problems(): Problem[];
}

/** Things named in the message; the rest is counted. */
const named = 3;
const hopeless = 10_000;

/** Starts with nothing noted. */
export function damageLog(): Damage {
  const first: string[] = [];
  let count = 0;
  return {
    add(what) {
      count += 1;
      if (first.length < named && !first.includes(what)) first.push(what);
    },
    isHopeless: () => count > hopeless,
    problems() {
      if (count === 0) return [];
      const more = count > first.length ? `; ${count - first.length} more` : "";
      return [databaseProblem(`rpm database damaged: ${first.map((what) => plainText(what, 200)).join("; ")}${more}`)];
    },
  };
}

/** An `incomplete` Problem about a package database: what it does not say is unknown. */
export function databaseProblem(message: string): Problem {
  const next = "check it with rpm -qa, then rebuild it (rpm --rebuilddb) or the image";
  return { level: "incomplete", code: "package-database-damaged", message, next };
}
