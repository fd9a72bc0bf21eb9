// biome-ignore-all lint/suspicious/noExplicitAny: a foreign reader has no types

/** Notes a problem unless it holds. */
type Need = (holds: boolean, problem: string) => void;

/**
 * What a reader of report v1 dereferences without asking (Jenkins' `Optional.get`, LSP's required fields): every problem
 * found, as one line each. Knows nothing of our schemas or types on purpose.
 */
export function brokenReferences(text: string): string[] {
  const { result } = JSON.parse(text) as any;
  const broken: string[] = [];
  const need: Need = (holds, problem) => {
    if (!holds) broken.push(problem);
  };
  checkLayers(result, need);
  for (const [id, pkg] of Object.entries<any>(result.packages)) checkPackage(result, [id, pkg], need);
  for (const [id, found] of Object.entries<any>(result.vulnerabilities)) checkVulnerability(result, [id, found], need);
  for (const policy of result.policies.evaluations) checkPolicy(result, policy, need);
  need(["passed", "failed"].includes(result.policies.globalEvaluation), "globalEvaluation");
  need(typeof result.riskAccepts === "object" && result.riskAccepts !== null, "riskAccepts");
  if (result.assetType === "containerImage") checkImage(result.metadata, need);
  return broken;
}

function has(table: object, key: unknown): boolean {
  return typeof key === "string" && Object.hasOwn(table, key);
}

function checkLayers({ layers }: any, need: Need): void {
  for (const [key, layer] of Object.entries<any>(layers)) {
    need(/^[0-9a-f]{16}$/.test(key), `layer key ${key}`);
    need(typeof layer.digest === "string", `layer ${key} digest`);
    need(Number.isInteger(layer.index), `layer ${key} index`);
    need(layer.size === null || Number.isInteger(layer.size), `layer ${key} size`);
  }
  const indexes = Object.values<any>(layers).map(({ index }) => index);
  need(new Set(indexes).size === indexes.length, "layer indexes repeat");
}

function checkPackage(result: any, [id, pkg]: [string, any], need: Need): void {
  if (result.assetType === "containerImage") need(has(result.layers, pkg.layerRef), `package ${id} layerRef`);
  for (const ref of pkg.vulnerabilitiesRefs ?? []) {
    need(has(result.vulnerabilities, ref), `package ${id} → vulnerability ${ref}`);
    need(result.vulnerabilities[ref]?.packageRef === id, `vulnerability ${ref} does not point back`);
  }
  need(!(pkg.isRemoved && pkg.vulnerabilitiesRefs?.length > 0), `removed package ${id} is counted`);
  for (const ref of pkg.riskAcceptRefs ?? []) need(has(result.riskAccepts, ref), `package ${id} → accept ${ref}`);
}

function checkVulnerability(result: any, [id, found]: [string, any], need: Need): void {
  const pkg = result.packages[found.packageRef];
  need(pkg?.vulnerabilitiesRefs?.includes(id) === true, `vulnerability ${id} is not on its package`);
  need(/^\d{4}-\d\d-\d\d$/.test(found.disclosureDate), `vulnerability ${id} disclosureDate`);
  need(typeof found.cvssScore?.vector === "string", `vulnerability ${id} cvssScore`);
  need(found.exploitable === (found.exploit !== undefined), `vulnerability ${id} exploitable`);
  need(typeof found.providersMetadata === "object", `vulnerability ${id} providersMetadata`);
}

function checkPolicy(result: any, policy: any, need: Need): void {
  need(!Number.isNaN(Date.parse(policy.createdAt)) && policy.createdAt.endsWith("Z"), "policy createdAt");
  for (const rule of policy.bundles.flatMap(({ rules }: any) => rules)) {
    need(typeof rule.ruleId === "string", "rule id is no text");
    need(["pkgVulnFailure", "imageConfigFailure"].includes(rule.failureType), `rule ${rule.ruleId} failureType`);
    need(Array.isArray(rule.failures), `rule ${rule.ruleId} failures`);
    if (rule.failureType !== "pkgVulnFailure") continue;
    for (const failure of rule.failures) {
      need(has(result.packages, failure.packageRef), `rule ${rule.ruleId} → package`);
      need(has(result.vulnerabilities, failure.vulnerabilityRef), `rule ${rule.ruleId} → vulnerability`);
    }
  }
}

function checkImage(metadata: any, need: Need): void {
  for (const key of ["author", "architecture", "baseOs", "createdAt", "pullString", "imageId", "digest", "os"]) {
    need(typeof metadata[key] === "string", `metadata.${key}`);
  }
  need(Number.isInteger(metadata.size), "metadata.size");
  need(metadata.labels !== null, "metadata.labels");
}
