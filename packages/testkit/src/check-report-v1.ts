/**
 * Judge of JSON report v1, from the contract's text alone (section 2.4 and the rules that break clients): it imports
 * nothing of ours and knows nothing of our schemas. Answers every fault found, in document order; none = sound.
 */
export function faultsOfReportV1(report: unknown): string[] {
  const faults: string[] = [];
  const root = asRecord(report);
  const result = asRecord(root.result);
  const say: Say = (place, fault) => faults.push(`${place}: ${fault}`);
  checkHead(root, result, say);
  const maps = {
    layers: asRecord(result.layers),
    packages: asRecord(result.packages),
    vulnerabilities: asRecord(result.vulnerabilities),
    riskAccepts: result.riskAccepts,
  };
  if (!isRecord(maps.riskAccepts)) say("riskAccepts", "must be an object, even when empty");
  checkLayers(maps, say);
  checkPackages(maps, say);
  checkVulnerabilities(maps, say);
  checkPolicies(asRecord(result.policies), maps, say);
  return faults;
}

type Json = Readonly<Record<string, unknown>>;
type Say = (place: string, fault: string) => void;

interface Maps {
  readonly layers: Json;
  readonly packages: Json;
  readonly vulnerabilities: Json;
  readonly riskAccepts: unknown;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const day = /^\d{4}-\d{2}-\d{2}$/;
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const packageTypes = ["os", "java", "javascript", "python", "golang", "ruby", "rust", "php", "C#"];
const severities = ["critical", "high", "medium", "low", "negligible"];
const ruleResults = ["passed", "failed", "accepted", "notApplicable"];
const policyResults = ["passed", "failed", "accepted", "noPolicy"];

function checkHead(root: Json, result: Json, say: Say): void {
  const info = asRecord(root.info);
  want(say, "info.scanTime", matches(info.scanTime, rfc3339), "not RFC 3339");
  want(
    say,
    "info.scanDuration",
    matches(info.scanDuration, /^(\d+h)?(\d+m)?\d+(\.\d+)?(ns|µs|ms|s)$/),
    "no Go duration",
  );
  for (const key of ["name", "version"]) want(say, `scanner.${key}`, isText(asRecord(root.scanner)[key]), "missing");
  want(say, "assetType", isOneOf(result.assetType, ["containerImage", "host"]), "unknown");
  want(say, "stage", isOneOf(result.stage, ["pipeline", "registry", "runtime"]), "unknown");
  want(say, "producer.producedAt", matches(asRecord(result.producer).producedAt, rfc3339), "not RFC 3339");
  want(say, "baseImages", isRecord(result.baseImages), "must be an object");
  checkMetadata(result, say);
}

/** The editor client refuses a report without these (contract 2.4 notes on LSP). */
function checkMetadata(result: Json, say: Say): void {
  const metadata = asRecord(result.metadata);
  const image = ["pullString", "imageId", "baseOs", "os", "architecture", "author", "createdAt"];
  const keys = result.assetType === "host" ? ["hostId", "hostName", "os"] : image;
  for (const key of keys) want(say, `metadata.${key}`, typeof metadata[key] === "string", "must be a string");
  if (result.assetType === "host") return;
  want(say, "metadata.size", Number.isInteger(metadata.size), "must be an integer");
  want(say, "metadata.labels", metadata.labels === undefined || isRecord(metadata.labels), "absent or an object");
}

function checkLayers({ layers }: Maps, say: Say): void {
  const indexes = new Set<unknown>();
  for (const [key, value] of Object.entries(layers)) {
    const layer = asRecord(value);
    want(say, `layers.${key}`, /^[0-9a-f]{16}$/.test(key), "key is not 16 hex characters");
    want(say, `layers.${key}.digest`, matches(layer.digest, /^(sha256:[0-9a-f]{64})?$/), "neither a digest nor empty");
    want(say, `layers.${key}.size`, layer.size === null || Number.isInteger(layer.size), "neither integer nor null");
    want(say, `layers.${key}.index`, Number.isInteger(layer.index) && !indexes.has(layer.index), "missing or repeated");
    want(say, `layers.${key}.command`, layer.command === null || typeof layer.command === "string", "no text");
    indexes.add(layer.index);
  }
}

function checkPackages(maps: Maps, say: Say): void {
  for (const [key, value] of Object.entries(maps.packages)) {
    const pkg = asRecord(value);
    const place = `packages.${key}`;
    want(say, place, uuid.test(key), "key is no UUID");
    want(say, place, isText(pkg.name) && typeof pkg.version === "string", "without name or version");
    want(say, `${place}.type`, isOneOf(pkg.type, packageTypes), `closed list: ${String(pkg.type)}`);
    want(
      say,
      `${place}.layerRef`,
      pkg.layerRef === undefined || isKey(maps.layers, pkg.layerRef),
      "resolves to nothing",
    );
    for (const flag of ["isRemoved", "isRunning"])
      want(say, `${place}.${flag}`, typeof pkg[flag] === "boolean", "no boolean");
    checkRefs(say, `${place}.vulnerabilitiesRefs`, { refs: pkg.vulnerabilitiesRefs, target: maps.vulnerabilities });
    checkRefs(say, `${place}.riskAcceptRefs`, { refs: pkg.riskAcceptRefs, target: asRecord(maps.riskAccepts) });
    for (const ref of asList(pkg.vulnerabilitiesRefs)) {
      const back = asRecord(maps.vulnerabilities[String(ref)]).packageRef;
      want(say, `${place}.vulnerabilitiesRefs`, back === key, `${String(ref)} does not point back`);
    }
  }
}

function checkVulnerabilities(maps: Maps, say: Say): void {
  for (const [key, value] of Object.entries(maps.vulnerabilities)) {
    const vulnerability = asRecord(value);
    const place = `vulnerabilities.${key}`;
    want(say, place, uuid.test(key) && isText(vulnerability.name), "no UUID key or no name");
    want(say, `${place}.packageRef`, isKey(maps.packages, vulnerability.packageRef), "resolves to nothing");
    const refs = asList(asRecord(maps.packages[String(vulnerability.packageRef)]).vulnerabilitiesRefs);
    want(say, place, refs.filter((ref) => ref === key).length === 1, "its package does not name it exactly once");
    want(say, `${place}.severity`, isOneOf(vulnerability.severity, severities), "closed list");
    want(
      say,
      `${place}.exploitable`,
      vulnerability.exploitable === isRecord(vulnerability.exploit),
      "disagrees with exploit",
    );
    want(say, `${place}.disclosureDate`, matches(vulnerability.disclosureDate, day), "not YYYY-MM-DD");
    const { solutionDate } = vulnerability;
    want(say, `${place}.solutionDate`, solutionDate === undefined || matches(solutionDate, day), "not YYYY-MM-DD");
    checkScore(asRecord(vulnerability.cvssScore), say, place);
    want(say, `${place}.providersMetadata`, isRecord(vulnerability.providersMetadata), "must be an object");
    checkRefs(say, `${place}.riskAcceptRefs`, {
      refs: vulnerability.riskAcceptRefs,
      target: asRecord(maps.riskAccepts),
    });
  }
}

function checkScore(score: Json, say: Say, place: string): void {
  const inScale = typeof score.score === "number" && score.score >= 0 && score.score <= 10;
  want(say, `${place}.cvssScore`, inScale && typeof score.vector === "string" && isText(score.version), "incomplete");
}

function checkPolicies(policies: Json, maps: Maps, say: Say): void {
  want(
    say,
    "policies.globalEvaluation",
    isOneOf(policies.globalEvaluation, ["passed", "failed"]),
    "clients know two words",
  );
  want(say, "policies.evaluations", Array.isArray(policies.evaluations), "must be a list");
  for (const evaluation of asList(policies.evaluations).map(asRecord)) {
    const place = `policy ${String(evaluation.identifier)}`;
    want(say, place, isOneOf(evaluation.evaluation, policyResults), "closed list");
    for (const key of ["createdAt", "updatedAt"])
      want(say, `${place}.${key}`, matches(evaluation[key], rfc3339), "no time");
    for (const bundle of asList(evaluation.bundles).map(asRecord)) {
      for (const rule of asList(bundle.rules).map(asRecord)) checkRule(rule, maps, (fault) => say(place, fault));
    }
  }
}

function checkRule(rule: Json, maps: Maps, say: (fault: string) => void): void {
  const name = `rule ${String(rule.ruleId)}`;
  const broken = rule.evaluationResult === "failed" || rule.evaluationResult === "accepted";
  const sound: Record<string, boolean> = {
    "the id must be a string": typeof rule.ruleId === "string",
    failureType: isOneOf(rule.failureType, ["pkgVulnFailure", "imageConfigFailure"]),
    evaluationResult: isOneOf(rule.evaluationResult, ruleResults),
    "description or ruleType": typeof rule.description === "string" && isText(rule.ruleType),
    "failures must be a list": Array.isArray(rule.failures),
    "result and failures disagree": broken === asList(rule.failures).length > 0,
    packageRef: failureRefsHold(rule, "packageRef", maps.packages),
    vulnerabilityRef: failureRefsHold(rule, "vulnerabilityRef", maps.vulnerabilities),
  };
  for (const [fault, holds] of Object.entries(sound)) if (!holds) say(`${name}: ${fault}`);
}

function failureRefsHold(rule: Json, key: string, target: Json): boolean {
  const refs = asList(rule.failures).map((failure) => asRecord(failure)[key]);
  return refs.every((ref) => ref === undefined || isKey(target, ref));
}

function checkRefs(say: Say, place: string, { refs, target }: { readonly refs: unknown; readonly target: Json }): void {
  if (refs === null) return;
  if (!Array.isArray(refs)) return say(place, "neither a list nor null");
  for (const ref of refs) want(say, place, isKey(target, ref), `${String(ref)} resolves to nothing`);
}

function want(...[say, place, holds, fault]: [Say, string, boolean, string]): void {
  if (!holds) say(place, fault);
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asRecord(value: unknown): Json {
  return isRecord(value) ? value : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}

function isOneOf(value: unknown, words: readonly string[]): boolean {
  return typeof value === "string" && words.includes(value);
}

function isKey(target: Json, ref: unknown): boolean {
  return typeof ref === "string" && Object.hasOwn(target, ref);
}
