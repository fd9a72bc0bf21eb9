import type { ImageInfo, Package, RuleResult, RuleStatus, Stage, Violation } from "@plimsoll/model";
import { describeRule, type ReadRule } from "./check-policy.ts";
import { always, type ConfigBreach, type FindingSubject, never, type Since } from "./predicate.ts";

/** What rules judge: present packages and their findings, the image's configuration where there is one. */
export interface Judged {
  readonly stage: Stage;
  readonly subjects: readonly FindingSubject[];
  readonly packages: readonly Package[];
  readonly image: ImageInfo | null;
}

/** A possible violation and since when it is one. */
interface Dated {
  readonly since: Since;
  readonly violation: Violation;
}

/** A rule's result at a moment, and the next moment at which it will be another (ms; {@link never} = it stays). */
export interface RuleOutcome {
  readonly result: RuleResult;
  readonly changesAt: Since;
}

/** Evaluates one rule: every predicate must hold for the same subject; not applicable where its data is missing. */
export function evaluateRule(read: ReadRule, judged: Judged, now: number): RuleOutcome {
  const dated = isApplicable(read, judged) ? violationsOf(read, judged) : null;
  const violations = (dated ?? []).filter(({ since }) => since <= now).map(({ violation }) => violation);
  const status: RuleStatus = dated === null ? "notApplicable" : violations.length > 0 ? "failed" : "passed";
  const failureType = kindOf(read) === "image" ? "imageConfigFailure" : "pkgVulnFailure";
  return {
    result: { rule: read.rule, description: describeRule(read.rule), failureType, status, violations },
    changesAt: (dated ?? []).reduce((next, { since }) => (since > now && since < next ? since : next), never),
  };
}

function kindOf({ parts }: ReadRule): "finding" | "package" | "image" {
  return parts[0]?.definition.appliesTo ?? "finding";
}

function isApplicable(read: ReadRule, { image, stage, subjects }: Judged): boolean {
  if (kindOf(read) === "image") return image !== null;
  const needsRuntime = read.parts.some(({ definition }) => "needsRuntime" in definition);
  return !needsRuntime || stage === "pipeline" || subjects.every(({ inUse }) => inUse !== null);
}

function violationsOf(read: ReadRule, judged: Judged): Dated[] {
  if (kindOf(read) === "image") return judged.image === null ? [] : configViolations(read, judged.image);
  if (kindOf(read) === "package") return judged.packages.map((pkg) => packageViolation(read, pkg)).filter(isPossible);
  return judged.subjects.map((subject) => findingViolation(read, subject)).filter(isPossible);
}

function isPossible({ since }: Dated): boolean {
  return since !== never;
}

function findingViolation({ parts }: ReadRule, subject: FindingSubject): Dated {
  const since = latest(parts, ({ definition, extra }) =>
    definition.appliesTo === "finding" ? definition.since(subject, extra) : never,
  );
  const { id, packageId } = subject.finding;
  return { since, violation: { kind: "finding", findingId: id, packageId, description: "" } };
}

function packageViolation({ parts }: ReadRule, pkg: Package): Dated {
  const since = latest(parts, ({ definition, extra }) =>
    definition.appliesTo === "package" ? definition.since(pkg, extra) : never,
  );
  return { since, violation: { kind: "package", packageId: pkg.id, description: `${pkg.name} ${pkg.version}`.trim() } };
}

function configViolations({ rule, parts }: ReadRule, image: ImageInfo): Dated[] {
  const breaches: (ConfigBreach | null)[] = parts.map(({ definition, extra }) =>
    definition.appliesTo === "image" ? definition.check(image, extra) : null,
  );
  const found = breaches.filter((breach) => breach !== null);
  const [first] = found;
  if (first === undefined || found.length < breaches.length) return [];
  const violation: Violation = {
    kind: "config",
    remediation: found.map(({ remediation }) => remediation).join(" "),
    arguments: Object.assign({}, ...found.map((breach) => breach.arguments)),
    description: describeRule(rule),
  };
  return [{ since: latest(found, ({ since }) => since), violation }];
}

/** ANDed conditions hold together since the latest of them. Stops at the first that never does. */
function latest<T>(items: readonly T[], since: (item: T) => Since): Since {
  let result = always;
  for (const item of items) {
    result = Math.max(result, since(item));
    if (result === never) return never;
  }
  return result;
}
