import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { corrupted, truncated } from "./bytes.ts";

/** Something going wrong on the way, for requests whose `METHOD /path` matches. */
export type RegistryFault = {
  readonly match: RegExp;
  /** How many matching requests it spoils; every one by default. */
  readonly times?: number;
} & RegistryFaultKind;

type RegistryFaultKind =
  /** Answers with this status and no useful body. */
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Waits before the answer begins. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Sends a part of the body, then nothing, and keeps the connection open. */
  | { readonly kind: "stall"; readonly keepBytes: number }
  /** Promises the whole length, sends a part and cuts the connection. */
  | { readonly kind: "short"; readonly keepBytes: number }
  /** Sends the right number of bytes, one of them wrong. */
  | { readonly kind: "corrupt" }
  /** Cuts the connection without an answer. */
  | { readonly kind: "reset" };

/** A body about to be sent. */
export type Reply = { readonly response: ServerResponse; readonly body: Buffer };

/** Takes the first fault that matches and still has times left. */
export class FaultPlan {
  readonly #faults: { readonly fault: RegistryFault; left: number }[] = [];

  add(fault: RegistryFault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  take(request: string): RegistryFault | null {
    const hit = this.#faults.find(({ fault, left }) => left > 0 && fault.match.test(request));
    if (hit === undefined) return null;
    hit.left--;
    return hit.fault;
  }
}

/** Sends the body, spoiled as the fault says. Status and headers must be set already, length included. */
export async function sendWith(fault: RegistryFault | null, { response, body }: Reply): Promise<void> {
  switch (fault?.kind) {
    case undefined:
    case "status":
      response.end(body);
      return;
    case "slow":
      await sleep(fault.delayMs);
      response.end(body);
      return;
    case "stall":
      response.write(truncated(body, fault.keepBytes));
      return;
    case "short":
      response.write(truncated(body, fault.keepBytes), () => response.destroy());
      return;
    case "corrupt":
      response.end(body.length === 0 ? body : corrupted(body, Math.floor(body.length / 2)));
      return;
    case "reset":
      response.destroy();
  }
}
