import type { ChildResult } from "@plimsoll/testkit";

/** What a run left behind besides entries of the layer cache, which it may. */
export function strayFiles({ filesLeft }: ChildResult): string[] {
  return filesLeft.filter((file) => !/^home\/\.cache\/plimsoll\/layers\/(?:[0-9a-f]{64}|swept)$/.test(file));
}
