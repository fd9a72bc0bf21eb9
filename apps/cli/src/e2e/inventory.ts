import { readFileSync } from "node:fs";
import { runChild } from "@plimsoll/testkit";
import type { Place } from "./references.ts";

/** What must not depend on how an image was reached. */
export interface Inventory {
  readonly distro: unknown;
  readonly diffIds: readonly (string | null)[];
  readonly commands: readonly string[];
  readonly sizes: readonly (number | null)[];
  readonly packages: readonly InventoryPackage[];
  readonly problems: readonly unknown[];
}

export interface InventoryPackage {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly arch?: string;
  readonly source?: { readonly name: string; readonly version: string };
  readonly purl: string;
  readonly locations: readonly { readonly path: string; readonly layer: string | null }[];
  readonly introducedIn: string | null;
  readonly removedIn?: string;
  readonly ownedBy?: string;
}

/** Runs `plimsoll sbom` on an image in a child process and reads our own SBOM document. */
export async function inventoryOf(
  { reference, stdin }: Place,
  env: Readonly<Record<string, string>> = {},
): Promise<Inventory> {
  const args = ["sbom", reference, "--output", "plimsoll-json"];
  const input = stdin === undefined ? {} : { stdin: readFileSync(stdin) };
  const { code, stdout, stderr, filesLeft } = await runChild({ args, env, timeoutMs: 300_000, ...input });
  if (code !== 0) throw new Error(`sbom ${reference} ended with ${code}: ${stderr}`);
  if (filesLeft.some((file) => file.startsWith("tmp/"))) throw new Error(`left behind: ${filesLeft.join(", ")}`);
  const sbom = JSON.parse(stdout) as {
    distro: unknown;
    image: { layers: { diffId: string | null; command: string; size: number | null }[] } | null;
    packages: InventoryPackage[];
    problems: unknown[];
  };
  const layers = sbom.image?.layers ?? [];
  return {
    distro: sbom.distro,
    diffIds: layers.map(({ diffId }) => diffId),
    commands: layers.map(({ command }) => command),
    sizes: layers.map(({ size }) => size),
    packages: sbom.packages,
    problems: sbom.problems,
  };
}
