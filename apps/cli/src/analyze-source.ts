import { type AnalyzeOptions, analyzeAhead } from "@plimsoll/catalog";
import { sizeText } from "@plimsoll/formats";
import { defaultLimits } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { type OpenedSource, openSource } from "@plimsoll/source";
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
  if (text.startsWith(sbomPrefix)) return analyzed(await readSbomFile(text.slice(sbomPrefix.length)), stack);
  const source = stack.use(await openNamed(text, options, tools));
  const { sbom, verified } = await analyzeAhead(source, analyzeOptions(text, tools));
  tellAnalysed(sbom, tools);
  return analyzed(sbom, stack, async () => {
    tools.progress.show(`Checking the digests of ${text}`);
    await verified;
  });
}

/** Before the path of an SBOM. */
export const sbomPrefix = "sbom:";

/** Opens anything but an SBOM. Throws what opening throws. */
export function openNamed(text: string, options: SourceOptions, tools: Tools): Promise<OpenedSource> {
  tools.progress.show(`Opening ${text}`);
  return openSource(text, sourceSettings(text, options, tools));
}

/** A source is large from here on: what the program does beside reading it shows. */
const largeBytes = 32 * 2 ** 20;

/** How a source is read, its progress shown. */
export function analyzeOptions(text: string, { world, progress, cache }: Tools): AnalyzeOptions {
  const startedAt = world.elapsed();
  let isLarge = false;
  return {
    limits: defaultLimits,
    signal: world.signal,
    ...(cache !== null && { cache }),
    onProgress: (state) => {
      if (!isLarge && state.bytes >= largeBytes) {
        isLarge = true;
        world.readsMuch();
      }
      const seconds = (world.elapsed() - startedAt) / 1000;
      progress.show(`Reading ${text}  ${readingText(state, seconds, sizeText)}`);
    },
  };
}

export function tellAnalysed({ source, packages, problems }: Sbom, { log }: Tools): void {
  log.info("source analysed", { source: source.name, packages: packages.length, problems: problems.length });
}

function analyzed(sbom: Sbom, stack: AsyncDisposableStack, verified = async (): Promise<void> => undefined): Analyzed {
  const held = stack.move();
  return { sbom, verified, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
