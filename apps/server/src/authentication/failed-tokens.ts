import { createHash } from "node:crypto";
import { platformError } from "@plimsoll/platform";

/** Keeps an address that sends wrong tokens again and again from having each one looked up. */
export interface FailedTokens {
  /** Throws TOO_MANY_REQUESTS when too many failed from there; tokens that were right before are let through. */
  refuse(address: string, token: string): void;
  failed(address: string): void;
  succeeded(token: string): void;
}

const limit = 300;
const windowMs = 60_000;
/** Most addresses and tokens that are remembered. */
const most = 10_000;

/** One for each process. */
export function failedTokens(clock: () => number): FailedTokens {
  const failures = new Map<string, { count: number; readonly since: number }>();
  const right = new Set<string>();
  return {
    refuse: (address, token) => {
      const { count, since } = failures.get(address) ?? { count: 0, since: 0 };
      const left = since + windowMs - clock();
      if (count < limit || left <= 0 || right.has(keyOf(token))) return;
      const fields = { limit, window: windowMs / 1000, seconds: Math.ceil(left / 1000) };
      throw platformError("TOO_MANY_REQUESTS", { fields });
    },
    failed: (address) => {
      const now = clock();
      const known = failures.get(address);
      if (known !== undefined && known.since + windowMs > now) known.count += 1;
      else {
        failures.delete(address);
        dropOldest(failures);
        failures.set(address, { count: 1, since: now });
      }
    },
    succeeded: (token) => {
      const key = keyOf(token);
      if (right.has(key)) return;
      dropOldest(right);
      right.add(key);
    },
  };
}

function dropOldest(kept: Map<string, unknown> | Set<string>): void {
  const [oldest] = kept.keys();
  if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
}

/** The texts themselves stay in no memory. */
function keyOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
