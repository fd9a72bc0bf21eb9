import type { Command } from "../world.ts";

export const up = { name: "up", run: async () => 0 } satisfies Command;
