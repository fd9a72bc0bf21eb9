/** Name, version and architecture of one rpm. */
export interface Nevra {
  readonly name: string;
  /** `[epoch:]version-release`; epoch 0 is left out. */
  readonly version: string;
  /** `src` (or `nosrc`) for source packages. */
  readonly arch: string;
}

/** Reads `name-[epoch:]version-release.arch[.rpm]`, as errata name builds; `null` for anything else. */
export function nevraOf(text: string): Nevra | null {
  if (text.length > 500) return null;
  const match = /^([A-Za-z0-9][\w.+-]*)-(?:(\d{1,9}):)?([\w.+~^]+)-([\w.+~^]+)\.(\w+)$/.exec(
    text.replace(/\.rpm$/, ""),
  );
  const [, name, epoch, version, release, arch] = match ?? [];
  if (name === undefined || arch === undefined) return null;
  return { name, version: plainEvr(`${epoch ?? 0}:${version}-${release}`) ?? "", arch };
}

/** `[epoch:]version[-release]` without an epoch of 0; `null` when it is no rpm version. */
export function plainEvr(text: string): string | null {
  const match = /^(?:(\d{1,9}):)?([\w.+~^]{1,200}(?:-[\w.+~^]{1,200})?)$/.exec(text.trim());
  if (match === null) return null;
  const epoch = Number(match[1] ?? "0");
  return epoch === 0 ? (match[2] ?? "") : `${epoch}:${match[2]}`;
}

/** Whether an rpm holds debugging data only (`x-debuginfo`, `x-debugsource`, `kernel-debuginfo-common-x86_64`): nothing of it runs. */
export function isDebugData(name: string): boolean {
  return /-debug(?:info|source)(?:-common(?:-\w+)?)?$/.test(name);
}
