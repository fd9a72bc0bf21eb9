const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** `214 MB`; "unknown" for what nobody told. Powers of 1000, as registries count. */
export function sizeText(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || bytes < 0) return "unknown";
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
