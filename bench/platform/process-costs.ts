/** What processes take, from Linux' /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks of a second (`getconf CLK_TCK`), the same on every Linux that Node runs on. */
const ticks = 100;

/** Processor seconds that a process and all below it, ended ones included, have taken so far. */
export function cpuSeconds(pid: number): number {
  return [pid, ...descendants(pid)].reduce((sum, one) => sum + ownSeconds(one), 0);
}

function ownSeconds(pid: number): number {
  const fields = statOf(pid);
  // utime, stime, cutime, cstime: proc(5), fields 14 to 17.
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks;
}

/** Fields of /proc/PID/stat behind the name, from the third on; none for a process that is gone. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function descendants(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    const parent = /^\d+$/.test(entry) ? Number(statOf(Number(entry))[1]) : Number.NaN;
    if (!Number.isNaN(parent)) parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)]);
  }
  const below = (of: number): number[] => (parents.get(of) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** Memory of a process in MB. */
export interface Memory {
  /** Proportional set without file mappings: what it would give back. */
  readonly own: number;
  readonly files: number;
}

/** By /proc/PID/smaps_rollup. */
export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1] ?? 0) / 1024;
  return { own: megabytes("Pss_Anon") + megabytes("Pss_Shmem"), files: megabytes("Pss_File") };
}

/** The process of a command below `pid`. */
export function childCalled(pid: number, command: RegExp): number | null {
  return (
    descendants(pid).find((child) => {
      try {
        return command.test(readFileSync(`/proc/${child}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        return false;
      }
    }) ?? null
  );
}

/** Processor seconds of the whole machine that went to others than idleness, and all there were. */
export function machineSeconds(): { readonly busy: number; readonly all: number } {
  const fields = readFileSync("/proc/stat", "utf8").split("\n")[0]?.trim().split(/ +/).slice(1, 9).map(Number) ?? [];
  const all = fields.reduce((sum, field) => sum + field, 0) / ticks;
  return { all, busy: all - ((fields[3] ?? 0) + (fields[4] ?? 0)) / ticks };
}
