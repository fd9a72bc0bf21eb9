import type { Sink, World } from "../world.ts";

/** A world without a process: what was written can be read back, time moves when told. */
export interface TestWorld {
  readonly world: World;
  /** Everything written to stdout and stderr so far, and how often much was said to be read. */
  readonly told: { stdout: string; stderr: string; readsMuch: number };
  advance(ms: number): void;
}

/** A world with an environment; `terminal` gives stderr and stdout 60 columns and a cursor. */
export function testWorld(env: World["env"] = {}, terminal = false): TestWorld {
  const told = { stdout: "", stderr: "", readsMuch: 0 };
  let now = 0;
  const sink = (name: "stdout" | "stderr"): Sink => ({
    isTerminal: terminal,
    columns: terminal ? 60 : null,
    write: async (text) => {
      told[name] += text;
    },
  });
  const world: World = {
    env,
    clock: () => Date.parse("2026-01-02T03:04:05Z"),
    elapsed: () => now,
    stdin: {
      path: "/dev/null",
      isTerminal: terminal,
      bytes: async function* () {
        yield* [];
      },
    },
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    signal: new AbortController().signal,
    homeFolder: "/home/pilot",
    hostName: "pilot",
    userId: 1000,
    readsMuch: () => {
      told.readsMuch += 1;
    },
  };
  return {
    world,
    told,
    advance: (ms) => {
      now += ms;
    },
  };
}
