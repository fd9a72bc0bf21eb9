import { createHash } from "node:crypto";
import type { Package } from "@plimsoll/model";

/** A hash of what a finding is, and its count among findings of the same identity in this document. */
export interface Fingerprint {
  /** 32 hex characters. */
  readonly hash: string;
  /** From 1. */
  readonly count: number;
}

/** Fingerprints of the findings of one document that stay the same from scan to scan. */
export function fingerprints(): (identity: readonly string[]) => Fingerprint {
  const seen = new Map<string, number>();
  return (identity) => {
    const hash = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return { hash, count };
  };
}

/** What makes a package the same in the next scan. The version is not part of it: a finding that an upgrade did not clear stays the same finding. */
export function packageIdentity({ ecosystem, name, arch, locations }: Package): string[] {
  return [ecosystem, name, arch ?? "", locations[0]?.path ?? ""];
}
