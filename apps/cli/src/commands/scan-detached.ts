import { cliError } from "../errors.ts";
import { scanDetached } from "../platform/scan-remotely.ts";
import { openTools } from "../tools.ts";
import type { ScanCall } from "./scan-into.ts";

/** Has a platform judge what is sent when it comes to it, and prints where the job or the result is; answers the exit code. */
export async function scanAndLeave({ source, options, world }: ScanCall): Promise<number> {
  const { apiurl } = options;
  if (apiurl === undefined) throw cliError("API_URL_MISSING");
  using tools = openTools(options, world);
  const address = await scanDetached({ source, options: { ...options, apiurl }, tools, keep: true });
  await world.stdout.write(`${address}\n`);
  return 0;
}
