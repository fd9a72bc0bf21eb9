import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { analyze } from "@plimsoll/catalog";
import type { Report, Sbom, SourceInfo } from "@plimsoll/model";
import { analyzeOptions, openNamed, sbomPrefix, tellAnalysed } from "../analyze-source.ts";
import { cliError } from "../errors.ts";
import type { SourceOptions } from "../options.ts";
import { readSbomFile } from "../read-sbom.ts";
import type { Tools } from "../tools.ts";
import { type Platform, unexpected } from "./platform-client.ts";
import { sendLayers } from "./send-layers.ts";
import type { Sent } from "./sent.ts";
import { type Judging, submit, submitDetached } from "./submit.ts";
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

/** What is done with what was sent; `null`: the platform wants the whole SBOM. */
type Asking<T> = (platform: Platform, sent: Sent, judging: Judging) => Promise<T | null>;

/**
 * Reads of a source what the platform does not know, and has it judged there. Throws API_TOKEN_MISSING, what opening and
 * reading throw, and what speaking to the platform throws.
 */
export async function scanRemotely(scan: RemoteScan): Promise<Report> {
  return sendAndAsk(scan, submit);
}

/** The same, left to the platform to judge when it comes to it; the address of the job, or of its result. */
export async function scanDetached(scan: RemoteScan): Promise<string> {
  return sendAndAsk(scan, submitDetached);
}

async function sendAndAsk<T>(scan: RemoteScan, asking: Asking<T>): Promise<T> {
  const { source: text, options, tools } = scan;
  const platform = platformOf(scan);
  const whole = (sbom: Sbom): Promise<T> => sendWhole(platform, sbom, { scan, asking });
  if (text.startsWith(sbomPrefix)) return whole(await readSbomFile(text.slice(sbomPrefix.length)));
  await using source = await openNamed(text, options, tools);
  const reading = analyzeOptions(text, tools);
  if (source.kind === "image" && tools.cache !== null && options.partialReads !== true) {
    const sent = await sendLayers(platform, source, { reading, progress: tools.progress });
    tools.progress.show(`Waiting for the verdict of ${options.apiurl}`);
    const answer = sent === null ? null : await asking(platform, sent, judgingOf(source.source, scan));
    if (answer !== null) return answer;
  }
  const sbom = await analyze(source, reading);
  tellAnalysed(sbom, tools);
  return whole(sbom);
}

function platformOf({ options, tools: { world, http } }: RemoteScan): Platform {
  const token = world.env.SECURE_API_TOKEN;
  if (!token) throw cliError("API_TOKEN_MISSING");
  return { url: options.apiurl, token, http, signal: world.signal, seconds: options.apitimeout };
}

interface Whole<T> {
  readonly scan: RemoteScan;
  readonly asking: Asking<T>;
}

async function sendWhole<T>(platform: Platform, sbom: Sbom, { scan, asking }: Whole<T>): Promise<T> {
  const { progress } = scan.tools;
  progress.show(`Sending ${sbom.packages.length} packages to ${platform.url}`);
  const sha256 = await upload(platform, await compress(JSON.stringify(sbom)));
  progress.show(`Waiting for the verdict of ${platform.url}`);
  const answer = await asking(platform, { upload: sha256, sbom }, judgingOf(sbom.source, scan));
  if (answer === null) throw unexpected("it wants more than the whole");
  return answer;
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
