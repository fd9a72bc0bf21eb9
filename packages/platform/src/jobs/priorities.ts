/** Smaller is served first. `scheduled` work leaves one slot of every worker free for the rest. */
export const priorities = { manual: 10, ci: 20, push: 30, runtime: 40, scheduled: 50 } as const;
export type Priority = keyof typeof priorities;

/** The word for a number in the store. */
export function priorityWord(number: number): Priority {
  const words = Object.entries(priorities) as [Priority, number][];
  return words.findLast(([, value]) => value <= number)?.[0] ?? "manual";
}
