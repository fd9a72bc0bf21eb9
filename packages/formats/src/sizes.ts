/** Bytes for people, decimal units as registries and disks count: `512 B`, `23.6 MB`. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `1 package`, `2 packages`, `no packages`: a count with its noun. */
export function countText(count: number, one: string, many = `${one}s`): string {
  if (count === 0) return `no ${many}`;
  return count === 1 ? `1 ${one}` : `${groupDigits(count)} ${many}`;
}

/** Thousands apart: `34,011`. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3}){1,9}$)/g, ",");
}
