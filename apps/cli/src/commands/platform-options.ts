import { cliError } from "../errors.ts";
import { isReferenceMode, type World } from "../world.ts";
import type { ScanOptions } from "./scan-options.ts";

/** Whether a platform judges: it is named, and no flag keeps the scan on this machine. */
export function isJudgedThere({ apiurl, standalone, skipupload, offlineAnalyzer }: ScanOptions): boolean {
  return apiurl !== undefined && standalone !== true && skipupload !== true && offlineAnalyzer !== true;
}

/**
 * Decisions 3 and 19: what the reference demands of the platform's name and token; and what cannot be asked of a scan that
 * a platform judges is refused. In reference mode a database's place is taken without a word: there it is where the
 * reference's scanner keeps what its platform gives it. Throws API_URL_MISSING, API_TOKEN_MISSING, IAC_NOT_YET, NOT_WITH_PLATFORM,
 * NOT_DETACHED.
 */
export function checkPlatform(options: ScanOptions, world: World): void {
  if (options.iac === true) throw cliError("IAC_NOT_YET");
  if (options.detach === true) checkDetached(options);
  if (options.standalone === true) return;
  const isReference = isReferenceMode(world);
  if (isReference || options.apiurl !== undefined) checkCredentials(options, world);
  if (isReference || !isJudgedThere(options) || options.downloadDbOnly === true) return;
  if (options.dbpath !== undefined) throw cliError("NOT_WITH_PLATFORM", { fields: { option: "--dbpath" } });
}

function checkCredentials({ apiurl }: ScanOptions, { env }: World): void {
  if (apiurl === undefined) throw cliError("API_URL_MISSING");
  if (!env.SECURE_API_TOKEN) throw cliError("API_TOKEN_MISSING");
}

/** Who does not wait has nothing to write, nothing to compare, and nothing that a platform would keep for them. */
function checkDetached(options: ScanOptions): void {
  const refused = (option: string) => cliError("NOT_DETACHED", { fields: { option } });
  if (!isJudgedThere(options)) throw refused("a scan that is judged here");
  const { output, outputJson, jsonScanResult, baseline } = options;
  const given = {
    "--output": output,
    "--output-json": outputJson,
    "--json-scan-result": jsonScanResult,
    "--baseline": baseline,
  };
  const [wrong] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (wrong !== undefined) throw refused(wrong);
}
