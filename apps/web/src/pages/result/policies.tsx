import { plain } from "../../ui/plain.ts";
import { Empty } from "../../ui/states/empty.tsx";
import { Verdict } from "../../ui/verdict.tsx";
import { type Failure, FailureTable } from "./policy-failures.tsx";
import styles from "./result.module.css";
import type { ResultView } from "./result-view.ts";

type Policy = ResultView["result"]["policies"]["evaluations"][number];
type Rule = Policy["bundles"][number]["rules"][number];

/** Each policy with its rules, and what fails them; with a layer chosen, only what that layer brought. */
export function Policies(shown: ResultView) {
  const { evaluations } = shown.result.policies;
  if (evaluations.length === 0) {
    return <Empty title="No policy judged this result">A policy says which findings stop an image.</Empty>;
  }
  return evaluations.map((policy) => (
    <section key={policy.identifier} aria-label={plain(policy.name)} className={styles.policy}>
      <h2>
        {plain(policy.name)} <Verdict word={policy.evaluation} />
      </h2>
      <p>{plain(policy.description)}</p>
      {policy.bundles.map(({ identifier, name, rules }) => (
        <div key={identifier}>
          <h3>{plain(name)}</h3>
          <ol className={styles.rules}>
            {rules.map((rule) => (
              <RuleItem key={rule.ruleId} rule={rule} shown={shown} />
            ))}
          </ol>
        </div>
      ))}
    </section>
  ));
}

function RuleItem({ rule, shown }: { readonly rule: Rule; readonly shown: ResultView }) {
  const { description, evaluationResult } = rule;
  const failures = failuresOf(rule, shown);
  const hidden = rule.failures.length - failures.length;
  return (
    <li>
      <div className={styles.rule}>
        <Verdict word={evaluationResult} /> {plain(description)}
      </div>
      {failures.length > 0 && (
        <details>
          <summary>
            {failures.length === 1 ? "1 failure" : `${failures.length} failures`}
            {hidden > 0 && `, ${hidden} more in other layers`}
          </summary>
          <FailureTable failures={failures} label={`Failures of: ${plain(description)}`} />
        </details>
      )}
      {failures.length === 0 && hidden > 0 && <div className={styles.quiet}>all {hidden} failures in other layers</div>}
    </li>
  );
}

/** What fails a rule, with the finding it hangs on. */
function failuresOf({ failures }: Rule, { model, whole, layer }: ResultView): Failure[] {
  const findings = new Map(model.findings.map((finding) => [finding.id, finding]));
  const packages = new Map(whole.packages.map((pkg) => [pkg.id, pkg]));
  return failures.flatMap((failure, index): Failure[] => {
    const key = String(index);
    if (!("packageRef" in failure)) return [{ key, words: failure.remediation }];
    const pkg = packages.get(failure.packageRef);
    if (layer !== undefined && pkg?.layerRef !== layer.key) return [];
    const finding = findings.get(failure.vulnerabilityRef ?? "");
    const named = pkg === undefined ? "" : `${pkg.name} ${pkg.version}`;
    return [{ key, words: [named, failure.description].filter((word) => word !== "").join(": "), finding }];
  });
}
