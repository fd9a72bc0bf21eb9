/** The value below which a share (percent) of these lies, rounded to tenths. */
export function fromShare(waits: readonly number[], share: number): number {
  const sorted = [...waits].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? 0) * 10) / 10;
}
