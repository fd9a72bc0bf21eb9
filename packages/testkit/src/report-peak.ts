import { readFileSync, writeSync } from "node:fs";

// Preloaded into the measured child (see run-child.ts): the kernel's own high-water mark, told at the very end.
// The descriptor is closed in grandchildren, which inherit NODE_OPTIONS but not the pipe; they have nothing to say.
process.on("exit", () => {
  try {
    writeSync(3, `${peakBytes()}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EBADF") throw error;
  }
});

/** On Linux `maxRSS` survives exec: a child of a large process starts with that process's peak. VmHWM is the child's own. */
function peakBytes(): number {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // No /proc: macOS counts anew for every program.
  }
  return process.resourceUsage().maxRSS * 1024;
}
