import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,apps}/*/{src,test}/**/*.test.ts", "{scripts,bench}/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait for databases, registries and browsers: on two cores two at once are never too many.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
