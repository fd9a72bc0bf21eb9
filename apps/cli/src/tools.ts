import type { LayerCache } from "@plimsoll/catalog";
import { createHttpClient, type HttpClient } from "@plimsoll/kit";
import { authorities } from "./authorities.ts";
import { openCache } from "./caches.ts";
import type { CacheOptions, RunOptions } from "./options.ts";
import { openProgress, type ProgressLine } from "./progress.ts";
import { openScanLog, type ScanLog } from "./scan-log.ts";
import { version } from "./version.ts";
import type { World } from "./world.ts";

/** What a run works with; dispose it at the end. */
export interface Tools extends Disposable {
  readonly world: World;
  readonly log: ScanLog["log"];
  readonly http: HttpClient;
  /** For the registry of the image: `--registry-skip-tls` weakens this one alone. */
  readonly registryHttp: HttpClient;
  readonly progress: ProgressLine;
  /** What earlier runs found; `null`: nothing is kept. */
  readonly cache: LayerCache | null;
}

type ToolOptions = RunOptions & Partial<CacheOptions> & { readonly registrySkipTls?: true };

/** Opens log, HTTP client, progress line and cache as the options say. Throws LOG_TWICE, OUTPUT_FAILED. */
export function openTools(options: ToolOptions, world: World): Tools {
  const stack = new DisposableStack();
  const { log } = stack.use(openScanLog(options, world));
  const client = (insecureTls: boolean): HttpClient => {
    const http = stack.use(
      createHttpClient({
        userAgent: `plimsoll/${version}`,
        proxyEnv: proxyOf(world.env),
        extraCa: () => authorities(world.env),
        log,
        ...(options.offlineAnalyzer && { offline: true }),
        ...(insecureTls && { insecureTls }),
      }),
    );
    return stoppable(http, world.signal);
  };
  const http = client(options.skiptlsverify === true);
  const registryHttp = options.registrySkipTls ? client(true) : http;
  const progress = stack.use(openProgress(world, options.progress && options.consoleLog !== true));
  const cache = openCache(options, world, log);
  return { world, log, http, registryHttp, progress, cache, [Symbol.dispose]: () => stack.dispose() };
}

/** Every request ends when the run is stopped, whoever makes it. */
function stoppable(http: HttpClient, signal: AbortSignal): HttpClient {
  return {
    request: (request) => {
      const signals = request.signal === undefined ? signal : AbortSignal.any([signal, request.signal]);
      return http.request({ ...request, signal: signals });
    },
    [Symbol.dispose]: () => http[Symbol.dispose](),
  };
}

const proxyNames = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

function proxyOf(env: World["env"]): Record<string, string | undefined> {
  return Object.fromEntries(proxyNames.map((name) => [name, env[name]]));
}
