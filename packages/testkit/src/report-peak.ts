import { writeSync } from "node:fs";

// Preloaded into the measured child (see run-child.ts): the kernel's own high-water mark, told at the very end.
// The descriptor is closed in grandchildren, which inherit NODE_OPTIONS but not the pipe; they have nothing to say.
process.on("exit", () => {
  try {
    writeSync(3, `${process.resourceUsage().maxRSS * 1024}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EBADF") throw error;
  }
});
