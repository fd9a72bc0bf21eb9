import { z } from "zod";

/** What to do about a result, what clears most first. */
export const recommendationsAnswer = z
  .object({
    resultId: z.string(),
    total: z.int(),
    data: z.array(
      z.object({
        ecosystem: z.string(),
        name: z.string(),
        versions: z.array(z.string()).describe("versions that are there now"),
        to: z.string().describe("lowest version that clears everything fixable"),
        fixes: z.array(z.object({ kind: z.enum(["command", "text"]), text: z.string() })),
        clears: z.record(z.string(), z.int()).describe("findings that go away with it, by severity"),
        exploitable: z.int(),
        left: z.int().describe("findings of the package that no version fixes yet"),
        layers: z.array(z.string()).describe("keys of the result's layers that brought it"),
      }),
    ),
  })
  .meta({ id: "Recommendations" });

/** How many are asked for. */
export const recommendationsQuery = z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) });

export type Recommendations = z.infer<typeof recommendationsAnswer>;
