import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Links followed before a path counts as a circle, as in the Linux kernel. */
const mostLinks = 40;

/**
 * Where a path below `root` really lies, relative to it, links followed as if `root` were `/`: none leads out. `null`
 * when it does not exist or runs in circles.
 */
export function resolveWithin(root: string, path: string): string | null {
  const waiting = path.split("/").reverse();
  const real: string[] = [];
  let links = 0;
  for (let segment = waiting.pop(); segment !== undefined; segment = waiting.pop()) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") {
      real.pop();
      continue;
    }
    const target = linkAt(join(root, ...real, segment));
    if (target === undefined) return null;
    if (target === null) {
      real.push(segment);
      continue;
    }
    if (++links > mostLinks) return null;
    if (target.startsWith("/")) real.length = 0;
    waiting.push(...target.split("/").reverse());
  }
  return real.join("/");
}

/** Target of a link; `null`: no link; `undefined`: nothing there. */
function linkAt(path: string): string | null | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    return undefined;
  }
}
