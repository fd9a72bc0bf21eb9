import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { zstdCompressSync } from "node:zlib";
import { runChild } from "@plimsoll/testkit";

/** Where a scan was made: what a registry's scanner or a collector says of it. */
export interface Place {
  readonly name: string;
  readonly stage: "registry" | "runtime";
  readonly labels: Readonly<Record<string, string>>;
}

/** What was read of an image, as a file that {@link placeScan} takes. */
export async function readImage(image: string, file: string): Promise<void> {
  const { code, stderr } = await runChild({
    args: ["sbom", `file://${image}`, "--output", `plimsoll-json=${file}`],
    timeoutMs: 120_000,
  });
  if (code !== 0) throw new Error(stderr);
}

/** Sends what was read of an image to a server, as seen in a registry or in a cluster. */
export async function placeScan(
  { url, scannerToken }: { readonly url: string; readonly scannerToken: string },
  file: string,
  place: Place,
): Promise<void> {
  const base = `${url}/secure/vulnerability/v1`;
  const authorization = `Bearer ${scannerToken}`;
  const bytes = zstdCompressSync(readFileSync(file));
  const upload = createHash("sha256").update(bytes).digest("hex");
  const octets = { authorization, "content-type": "application/octet-stream" };
  await answered(fetch(`${base}/uploads/${upload}`, { method: "PUT", headers: octets, body: bytes }));
  const headers = { authorization, "content-type": "application/json" };
  const body = JSON.stringify({ upload, answer: "verdict", ...place });
  await answered(fetch(`${base}/scans`, { method: "POST", headers, body }));
}

async function answered(asked: Promise<Response>): Promise<void> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
}
