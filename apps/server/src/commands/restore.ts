import type { Command } from "../world.ts";

export const restore = { name: "restore", run: async () => 0 } satisfies Command;
