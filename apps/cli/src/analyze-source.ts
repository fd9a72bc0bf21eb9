import { analyze } from "@plimsoll/catalog";
import { sizeText } from "@plimsoll/formats";
import { defaultLimits } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { openSource } from "@plimsoll/source";
import type { SourceOptions } from "./options.ts";
import { readingText } from "./progress.ts";
import { readSbomFile } from "./read-sbom.ts";
import { sourceSettings } from "./source-settings.ts";
import type { Tools } from "./tools.ts";

/** What is in a source: an image, a folder, this machine, or `sbom:FILE` as written before. Throws what opening and reading throw. */
export async function analyzeSource(text: string, options: SourceOptions, tools: Tools): Promise<Sbom> {
  if (text.startsWith("sbom:")) return readSbomFile(text.slice("sbom:".length));
  const { world, progress, log } = tools;
  progress.show(`Opening ${text}`);
  await using source = await openSource(text, sourceSettings(text, options, tools));
  const startedAt = world.elapsed();
  const sbom = await analyze(source, {
    limits: defaultLimits,
    signal: world.signal,
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
  return sbom;
}
