import type { ResultGroups } from "@plimsoll/contract";
import type { Stage } from "../../lists/filters.ts";
import { CountLink, ListLink } from "../../lists/list-link.tsx";
import { SmallTable } from "../../ui/small-table.tsx";
import { Partial } from "../../ui/states/partial.tsx";
import styles from "./home.module.css";

export type StageNumbers = ResultGroups["whole"] & { readonly stage: Stage };

const titles: Readonly<Record<Stage, string>> = {
  pipeline: "Pipeline results",
  registry: "Registry images",
  runtime: "Workloads and hosts",
};

const columns = [
  { title: "all", view: {}, of: ({ rows }: StageNumbers) => rows },
  {
    title: "with critical",
    view: { with: "critical" },
    of: ({ rowsBySeverity }: StageNumbers) => rowsBySeverity.critical,
  },
  { title: "with high", view: { with: "high" }, of: ({ rowsBySeverity }: StageNumbers) => rowsBySeverity.high },
  { title: "with an exploit", view: { exploit: "yes" }, of: ({ exploitable }: StageNumbers) => exploitable },
  { title: "with a fix", view: { fix: "yes" }, of: ({ fixable }: StageNumbers) => fixable },
  { title: "failed", view: { policy: "failed" }, of: ({ failed }: StageNumbers) => failed },
  { title: "incomplete", view: { complete: "no" }, of: ({ incomplete }: StageNumbers) => incomplete },
] as const;

/** How much there is; each number leads to the list that shows exactly it. */
export function Totals({ numbers }: { readonly numbers: readonly StageNumbers[] }) {
  const incomplete = numbers.filter((stage) => stage.incomplete > 0);
  return (
    <section className={styles.wide} aria-labelledby="totals">
      <h2 id="totals">Everything there is</h2>
      <SmallTable label="Numbers by stage" heads={["Where", ...columns.map(({ title }) => title)]} isNumbers>
        {numbers.map((row) => (
          <tr key={row.stage}>
            <th scope="row">{titles[row.stage]}</th>
            {columns.map(({ title, view, of }) => (
              <td key={title}>
                <CountLink stage={row.stage} view={view} count={of(row)} what={`${titles[row.stage]}: ${title}`} />
              </td>
            ))}
          </tr>
        ))}
      </SmallTable>
      {incomplete.length > 0 && (
        <Partial title="Some answers are incomplete">
          Something could not be read, or is not known well enough:{" "}
          {incomplete.map(({ stage, incomplete: count }, at) => (
            <span key={stage}>
              {at > 0 && ", "}
              <ListLink stage={stage} view={{ complete: "no" }}>
                {count.toLocaleString("en")} of {titles[stage].toLowerCase()}
              </ListLink>
            </span>
          ))}
        </Partial>
      )}
    </section>
  );
}
