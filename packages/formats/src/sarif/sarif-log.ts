import type { Problem, Report } from "@plimsoll/model";
import { acceptedFindings } from "../accepted-findings.ts";
import { baselineFacts } from "../against-baseline.ts";
import type { WriteOptions } from "../format.ts";
import { indexReport } from "../report-index.ts";
import { imageFacts, instantOf, pullStringOf } from "../wire-values.ts";
import { logicalLocations, toldLayers, uriOf } from "./locations.ts";
import { absentResults, packageResults, vulnerabilityResults } from "./results.ts";
import { packageRules, vulnerabilityRules } from "./rules.ts";
import { everyFinding, isTold } from "./sarif-options.ts";
import type { SarifScene } from "./scene.ts";
import { messageText } from "./words.ts";

/** The log with its one run. Results stand in the report's order (worst first), rules in the order of their first result. */
export function sarifLog(report: Report, options: WriteOptions) {
  const settings = options.sarif ?? everyFinding;
  const accepted = acceptedFindings(report);
  const index = indexReport(report);
  const findings = index.findings.filter((finding) => {
    const pkg = index.packages.get(finding.packageId);
    if (pkg === undefined || (settings.excludeAccepted && accepted.has(finding.id))) return false;
    return isTold(finding, pkg, settings);
  });
  const suppresses = findings.some(({ id }) => accepted.has(id));
  const layers = toldLayers({ index, findings });
  const scene: SarifScene = { index, findings, accepted, suppresses, layers, name: pullStringOf(report, options) };
  const { rules, results } = settings.groupByPackage
    ? { rules: packageRules(scene), results: packageResults(scene) }
    : { rules: vulnerabilityRules(scene), results: vulnerabilityResults(scene) };
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { ...driverOf(options), rules } },
        automationDetails: { id: automationId(scene.name) },
        invocations: [invocationOf(report, options)],
        originalUriBaseIds: { ROOTPATH: { uri: "file:///" } },
        logicalLocations: logicalLocations(scene),
        results: [
          ...results,
          ...(settings.includeAbsent && !settings.groupByPackage ? absentResults(scene, settings) : []),
        ],
        columnKind: "utf16CodeUnits",
        properties: runProperties(report, options),
      },
    ],
  };
}

function driverOf({ scanner }: WriteOptions) {
  const { name, version } = scanner;
  const isSemantic = /^\d+\.\d+\.\d+$/.test(version);
  return { name, version, ...(isSemantic && { semanticVersion: version }) };
}

/** One category an image, whatever its tag: the next scan of another tag replaces this one (SARIF 3.17.2: the last slash ends the category). */
function automationId(name: string): string {
  const plain = name.replace(/@sha256:[0-9a-f]+$/, "").replace(/:[^/:]*$/, "");
  return `plimsoll/${messageText(plain, 200)}/`;
}

function invocationOf({ problems, verdict }: Report, { scanTime, scanDurationMs }: WriteOptions) {
  const startTimeUtc = instantOf(scanTime);
  return {
    executionSuccessful: verdict.complete,
    ...(startTimeUtc !== null && {
      startTimeUtc,
      endTimeUtc: new Date(Date.parse(startTimeUtc) + scanDurationMs).toISOString(),
    }),
    toolExecutionNotifications: problems.map(notificationOf),
  };
}

const levels = { incomplete: "error", warning: "warning", note: "note" } as const;

function notificationOf({ code, level, message, next, path }: Problem) {
  return {
    descriptor: { id: messageText(code, 100) },
    level: levels[level],
    message: { text: messageText(next === undefined ? message : `${message}; ${next}`) },
    ...(path !== undefined && {
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: "ROOTPATH" } } }],
    }),
  };
}

/** What the reference's wrappers put there (spec 20a), with what the verdict knew beside it. */
function runProperties(report: Report, options: WriteOptions) {
  const { imageId, digest, baseOs, os, architecture, size } = imageFacts(report);
  const { knowledge, verdict, sbom } = report;
  return {
    pullString: pullStringOf(report, options),
    digest,
    imageId,
    architecture,
    baseOs,
    os,
    size,
    layersCount: sbom.image?.layers.length ?? 0,
    verdict: verdict.status,
    complete: verdict.complete,
    knowledgeRevision: knowledge.revision,
    ...(report.baseline !== undefined && { baseline: baselineFacts(report.baseline) }),
    ...(options.sarif !== undefined && { filters: options.sarif }),
  };
}
