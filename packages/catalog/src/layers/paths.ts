/** Folder of a path without leading slash; "" for the root and for names directly in it. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

/** Folders above a path, nearest first, without the root. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

/** Symlinks of a tree: path → target as written. */
export interface Symlinks {
  readonly size: number;
  get(path: string): string | undefined;
  has(path: string): boolean;
}

/** Symlinks followed for one path: more means a loop (Linux gives up at 40). */
const maxHops = 40;
/** Folders walked for one path, those of symlink targets included: bounds the work hostile links can cause. */
const maxSteps = 512;

/** Follows symlinks in the folders of a path (not in its last segment), never above the root; a loop leaves the path as it is. */
export function resolvePath(path: string, symlinks: Symlinks): string {
  if (!meetsSymlink(path, symlinks)) return path;
  const rest = path.split("/").reverse();
  const last = rest.shift() ?? "";
  const done: string[] = [];
  let hops = 0;
  for (let steps = 0; rest.length > 0; steps += 1) {
    if (steps > maxSteps || hops > maxHops) return path;
    walk(done, rest.pop() ?? "");
    const target = symlinks.get(done.join("/"));
    if (target === undefined) continue;
    hops += 1;
    rest.push(...target.split("/").reverse());
    if (target.startsWith("/")) done.length = 0;
    else done.pop();
  }
  return [...done, last].join("/");
}

/** One step of a walk; `..` stops at the root. */
function walk(done: string[], segment: string): void {
  if (segment === "..") done.pop();
  else if (segment !== "" && segment !== ".") done.push(segment);
}

function meetsSymlink(path: string, symlinks: Symlinks): boolean {
  if (symlinks.size === 0) return false;
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    if (symlinks.has(path.slice(0, slash))) return true;
  }
  return false;
}
