import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { analyze } from "@plimsoll/catalog";
import type { Report, Sbom, SourceInfo } from "@plimsoll/model";
import { analyzeOptions, openNamed, sbomPrefix, tellAnalysed } from "../analyze-source.ts";
import { layerCache } from "../caches.ts";
import { cliError } from "../errors.ts";
import type { SourceOptions } from "../options.ts";
import { readSbomFile } from "../read-sbom.ts";
import type { Tools } from "../tools.ts";
import { type Platform, unexpected } from "./platform-client.ts";
import { sendLayers } from "./send-layers.ts";
import { type Judging, submit } from "./submit.ts";
import { upload } from "./upload.ts";

export interface RemoteOptions extends SourceOptions {
  readonly apiurl: string;
  readonly apitimeout: number;
  readonly policy?: readonly string[];
  readonly maxKnowledgeAge?: number;
}

/** A source that a platform judges. */
export interface RemoteScan {
  readonly source: string;
  readonly options: RemoteOptions;
  readonly tools: Tools;
  /** Whether it keeps the result. */
  readonly keep: boolean;
}

const compress = promisify(zstdCompress);

/**
 * Reads of a source what the platform does not know, and has it judged there. Throws API_TOKEN_MISSING, what opening and
 * reading throw, and what speaking to the platform throws.
 */
export async function scanRemotely(scan: RemoteScan): Promise<Report> {
  const { source: text, options, tools } = scan;
  const platform = platformOf(scan);
  const cache = layerCache(options, tools);
  if (text.startsWith(sbomPrefix)) return judgeWhole(platform, await readSbomFile(text.slice(sbomPrefix.length)), scan);
  await using source = await openNamed(text, options, tools);
  const reading = analyzeOptions(text, cache, tools);
  if (source.kind === "image" && cache !== null && options.partialReads !== true) {
    const sent = await sendLayers(platform, source, { reading, progress: tools.progress });
    tools.progress.show(`Waiting for the verdict of ${options.apiurl}`);
    const report = sent === null ? null : await submit(platform, sent, judgingOf(source.source, scan));
    if (report !== null) return report;
  }
  const sbom = await analyze(source, reading);
  tellAnalysed(sbom, tools);
  return judgeWhole(platform, sbom, scan);
}

function platformOf({ options, tools: { world, http } }: RemoteScan): Platform {
  const token = world.env.SECURE_API_TOKEN;
  if (!token) throw cliError("API_TOKEN_MISSING");
  return { url: options.apiurl, token, http, signal: world.signal, seconds: options.apitimeout };
}

async function judgeWhole(platform: Platform, sbom: Sbom, scan: RemoteScan): Promise<Report> {
  const { progress } = scan.tools;
  progress.show(`Sending ${sbom.packages.length} packages to ${platform.url}`);
  const sha256 = await upload(platform, await compress(JSON.stringify(sbom)));
  progress.show(`Waiting for the verdict of ${platform.url}`);
  const report = await submit(platform, { upload: sha256, sbom }, judgingOf(sbom.source, scan));
  if (report === null) throw unexpected("it wants more than the whole");
  return report;
}

function judgingOf({ kind, name }: SourceInfo, { options, tools, keep }: RemoteScan): Judging {
  return {
    stage: kind === "host" ? "runtime" : "pipeline",
    name: options.overridePullstring ?? name,
    policies: options.policy ?? [],
    keep,
    once: `${tools.world.elapsed()}`,
    ...(options.maxKnowledgeAge !== undefined && { maxKnowledgeAge: options.maxKnowledgeAge }),
  };
}
