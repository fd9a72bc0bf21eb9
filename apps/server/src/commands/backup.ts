import type { Command } from "../world.ts";

export const backup = { name: "backup", run: async () => 0 } satisfies Command;
