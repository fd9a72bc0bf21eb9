import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Links followed before a path counts as a circle, as in the Linux kernel. */
const mostLinks = 40;

/**
 * Where a path below `root` really lies, relative to it, links followed as if `root` were `/`: none leads out. `null`
 * when it does not exist or runs in circles. Other errors of the file system come through.
 */
export function resolveWithin(root: string, path: string): string | null {
  const waiting = segmentsOf(path);
  const real: string[] = [];
  let links = 0;
  for (let segment = waiting.pop(); segment !== undefined; segment = waiting.pop()) {
    const target = segment === ".." ? null : targetAt(join(root, ...real, segment));
    if (target === undefined || links > mostLinks) return null;
    if (target === null) move(real, segment);
    else {
      links++;
      if (target.startsWith("/")) real.length = 0;
      waiting.push(...segmentsOf(target));
    }
  }
  return real.join("/");
}

function move(real: string[], segment: string): void {
  if (segment === "..") real.pop();
  else real.push(segment);
}

/** The segments that move, last first. */
function segmentsOf(path: string): string[] {
  return path
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .reverse();
}

/** Target of a link; `null`: no link; `undefined`: nothing there. */
function targetAt(path: string): string | null | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
