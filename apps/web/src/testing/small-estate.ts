import { mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Harbour } from "./harbour.ts";
import { archiveOf, hostileImage, shopImage } from "./made-images.ts";
import { placeScan, readImage } from "./place-scan.ts";

/** A name that nobody would choose who means well: it turns writing around, is markup, steers terminals, ends quotes. */
export const evil = '\u202Eevil<img src=x onerror="alert(1)">\u001B[31m"\\';
const longTag = "t".repeat(1900);

/** Real scans of two images: three results of pipelines, four images in two registries, three workloads in two clusters. */
export async function fillEstate(harbour: Harbour): Promise<void> {
  using made = mkdtempDisposableSync(join(tmpdir(), "plimsoll-estate-"));
  const folder = made.path;
  for (const [name, image] of Object.entries({ shop: shopImage(), hostile: hostileImage() })) {
    const file = join(folder, `${name}.tar`);
    writeFileSync(file, archiveOf(image));
    const { code, stderr } = await harbour.scan(`file://${file}`, "--override-pullstring", `pipe/${name}:1`);
    if (code !== 0 && code !== 1) throw new Error(stderr);
    await readImage(file, join(folder, `${name}.json`));
  }
  await harbour.scan(`file://${join(folder, "shop.tar")}`, "--override-pullstring", `pipe/${evil}:${longTag}`);
  const put = (file: string, name: string, labels: Readonly<Record<string, string>>) => {
    const stage = "registry.name" in labels ? "registry" : "runtime";
    return placeScan(harbour, join(folder, `${file}.json`), { name, stage, labels });
  };
  const image = (host: string, repository: string) => ({ "registry.name": host, "repository.name": repository });
  await put("shop", "r1.example/shop/web:1.0", image("r1.example", "shop/web"));
  await put("hostile", "r1.example/shop/web:2.0", image("r1.example", "shop/web"));
  await put("shop", "r1.example/shop/api:1.0", image("r1.example", "shop/api"));
  await put("shop", `r2.example/${evil}:${longTag}`, image("r2.example", evil));
  const workload = (cluster: string, name: string) => ({
    "kubernetes.cluster.name": cluster,
    "kubernetes.namespace.name": "default",
    "kubernetes.workload.name": name,
  });
  await put("shop", "east/default/web", workload("east", "web"));
  await put("shop", "west/default/web", workload("west", "web"));
  await put("hostile", "west/default/api", workload("west", "api"));
}
