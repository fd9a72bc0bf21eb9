import { plain } from "../../ui/plain.ts";
import { Empty } from "../../ui/states/empty.tsx";
import { Verdict } from "../../ui/verdict.tsx";
import type { ResultView } from "./result-view.ts";

type Policy = ResultView["result"]["policies"]["evaluations"][number];
type Rule = Policy["bundles"][number]["rules"][number];

/** Each policy with its rules, and what fails them. */
export function Policies({ result: { policies }, model }: ResultView) {
  if (policies.evaluations.length === 0) return <Empty title="No policy judged this result" />;
  const names = new Map(model.packages.map(({ id, name, version }) => [id, `${name} ${version}`]));
  return policies.evaluations.map((policy) => (
    <section key={policy.identifier} aria-label={plain(policy.name)}>
      <h2>
        {plain(policy.name)} <Verdict word={policy.evaluation} />
      </h2>
      <p>{plain(policy.description)}</p>
      {policy.bundles.map(({ identifier, name, rules }) => (
        <div key={identifier}>
          <h3>{plain(name)}</h3>
          <ul>
            {rules.map((rule) => (
              <RuleItem key={rule.ruleId} rule={rule} names={names} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  ));
}

const shownMost = 20;

function RuleItem({ rule, names }: { readonly rule: Rule; readonly names: ReadonlyMap<string, string> }) {
  const { description, evaluationResult, failures } = rule;
  return (
    <li>
      {plain(description)}: <strong>{evaluationResult}</strong>
      {failures.length > 0 && (
        <details>
          <summary>{failures.length === 1 ? "1 failure" : `${failures.length} failures`}</summary>
          <ul>
            {failures.slice(0, shownMost).map((failure) => (
              <li key={JSON.stringify(failure)}>{plain(textOf(failure, names))}</li>
            ))}
            {failures.length > shownMost && <li>and {failures.length - shownMost} more</li>}
          </ul>
        </details>
      )}
    </li>
  );
}

function textOf(failure: Rule["failures"][number], names: ReadonlyMap<string, string>): string {
  if (!("packageRef" in failure)) return failure.remediation;
  const name = names.get(failure.packageRef);
  return name === undefined ? failure.description : `${name}: ${failure.description}`;
}
