import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import type { Report, Sbom } from "@plimsoll/model";
import { cliError } from "../errors.ts";
import type { Tools } from "../tools.ts";
import { evaluateUpload, type Platform, upload } from "./platform-client.ts";
import { readJudgement } from "./read-judgement.ts";

export interface RemoteOptions {
  readonly apiurl: string;
  readonly apitimeout: number;
  readonly policy?: readonly string[];
  readonly overridePullstring?: string;
}

const compress = promisify(zstdCompress);

/** Sends an SBOM to a platform, which judges it and keeps the result. Throws API_TOKEN_MISSING, and what speaking to it throws. */
export async function judgeRemotely(sbom: Sbom, options: RemoteOptions, tools: Tools): Promise<Report> {
  const { world, progress, http } = tools;
  const token = world.env.SECURE_API_TOKEN;
  if (!token) throw cliError("API_TOKEN_MISSING");
  const signal = AbortSignal.any([world.signal, AbortSignal.timeout(options.apitimeout * 1000)]);
  const platform: Platform = { url: options.apiurl, token, http, signal };
  progress.show(`Sending ${sbom.packages.length} packages to ${options.apiurl}`);
  const sha256 = await upload(platform, await compress(JSON.stringify(sbom)));
  progress.show(`Waiting for the verdict of ${options.apiurl}`);
  const answer = await evaluateUpload(platform, sha256, {
    stage: sbom.source.kind === "host" ? "runtime" : "pipeline",
    name: options.overridePullstring ?? sbom.source.name,
    policies: options.policy ?? [],
  });
  return readJudgement(answer, sbom);
}
