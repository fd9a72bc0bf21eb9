import { z } from "zod";

/** Body of every answer that is not a success (contract 1.0): `details` are texts, because clients join them. */
export const apiError = z
  .object({ type: z.string(), message: z.string(), details: z.array(z.string()) })
  .meta({ id: "Error" });
