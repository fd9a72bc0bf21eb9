import { z } from "zod";

const several = z
  .union([z.string().max(500), z.array(z.string().max(500)).max(20)])
  .optional()
  .transform((given) => (given === undefined ? [] : typeof given === "string" ? [given] : given));

/** Query of a list of the platform (contract, appendix A): `filter=name:x`, `orderby=name:desc`, each more than once. */
export const pageQuery = z.object({
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  filter: several,
  orderby: several,
});

/** Where the pages before and behind are: addresses without host, `null` at the ends. */
export const offsetPage = z.object({ total: z.int(), next: z.string().nullable(), previous: z.string().nullable() });

/** An id of the platform in a path. */
export const idParams = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });
/** A name that people read: no control or invisible direction characters, no space around it. */
export const nameText = z
  .string()
  .min(1)
  .max(200)
  .regex(
    /^(?!\s)[^\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*(?<!\s)$/u,
    "control characters and spaces around it are not allowed",
  );
/** Text of several lines. */
export const longText = z
  .string()
  .max(2000)
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u, "control characters are not allowed");
/** A row number of the platform. */
export const rowId = z.int().min(1).max(2_147_483_647);
