const vendors: readonly (readonly [RegExp, string])[] = [
  [/\.dkr\.ecr(-fips)?\.[^.]+\.amazonaws\.com(\.cn)?$/, "ecr"],
  [/\.azurecr\.(io|cn|us)$/, "acr"],
  [/(^|\.)gcr\.io$/, "gcr"],
  [/\.pkg\.dev$/, "gar"],
  [/(^|\.)icr\.io$/, "icr"],
  [/(^|\.)quay\.io$/, "quay"],
];

/** The vendor of a registry by its host, in the words of the reference's lists; any other is `dockerv2`. */
export function registryVendor(registry: string): string {
  const host = registry.replace(/:\d+$/, "").toLowerCase();
  return vendors.find(([pattern]) => pattern.test(host))?.[1] ?? "dockerv2";
}
