import type { AnyJob } from "./job.ts";
import { tidy } from "./tidy.ts";

/** Every kind of job: the only file that knows all of them. */
export const jobs: readonly AnyJob[] = [tidy];
