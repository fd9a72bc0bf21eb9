import { analyzeAhead } from "@plimsoll/catalog";
import { sizeText } from "@plimsoll/formats";
import { defaultLimits } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { openSource } from "@plimsoll/source";
import { layerCache } from "./caches.ts";
import type { SourceOptions } from "./options.ts";
import { readingText } from "./progress.ts";
import { readSbomFile } from "./read-sbom.ts";
import { sourceSettings } from "./source-settings.ts";
import type { Tools } from "./tools.ts";

/** What is in a source, which stays open until this is disposed. */
export interface Analyzed extends AsyncDisposable {
  readonly sbom: Sbom;
  /** Tell nothing of the SBOM before this resolves: digests of large layers are still being taken. Throws what reading throws. */
  verified(): Promise<void>;
}

/** Opens and reads a source: an image, a folder, this machine, or `sbom:FILE` as written before. Throws what opening and reading throw. */
export async function analyzeSource(text: string, options: SourceOptions, tools: Tools): Promise<Analyzed> {
  await using stack = new AsyncDisposableStack();
  const cache = layerCache(options, tools);
  if (text.startsWith("sbom:")) return analyzed(await readSbomFile(text.slice("sbom:".length)), stack);
  const { world, progress, log } = tools;
  progress.show(`Opening ${text}`);
  const source = stack.use(await openSource(text, sourceSettings(text, options, tools)));
  const startedAt = world.elapsed();
  const { sbom, verified } = await analyzeAhead(source, {
    limits: defaultLimits,
    signal: world.signal,
    ...(cache !== null && { cache }),
    onProgress: (state) => {
      const seconds = (world.elapsed() - startedAt) / 1000;
      progress.show(`Reading ${text}  ${readingText(state, seconds, sizeText)}`);
    },
  });
  log.info("source analysed", {
    source: sbom.source.name,
    packages: sbom.packages.length,
    problems: sbom.problems.length,
  });
  return analyzed(sbom, stack, async () => {
    progress.show(`Checking the digests of ${text}`);
    await verified;
  });
}

function analyzed(sbom: Sbom, stack: AsyncDisposableStack, verified = async (): Promise<void> => undefined): Analyzed {
  const held = stack.move();
  return { sbom, verified, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
