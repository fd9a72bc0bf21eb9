import type { PackageReach, ResultGroups } from "@plimsoll/contract";
import { writtenCommand } from "@plimsoll/model";
import { useQueries } from "@tanstack/react-query";
import { groupsQuery } from "../api/results.ts";
import { Copyable } from "../ui/copyable.tsx";
import { plain, shortened } from "../ui/plain.ts";
import { expressionOf, filtersIn, type Stage } from "./filters.ts";
import { CountLink } from "./list-link.tsx";
import styles from "./reach.module.css";

interface ReachProps {
  readonly reach: PackageReach;
  /** The condition that lists show it by: `cve` or `package`. */
  readonly by: { readonly cve: string } | { readonly package: string };
}

const stages: readonly (readonly [Stage, string])[] = [
  ["registry", "Registry images"],
  ["runtime", "Workloads and hosts"],
  ["pipeline", "Pipeline results"],
];

/** Where something is, and which layers bring it there. */
export function Reach({ reach, by }: ReachProps) {
  return (
    <>
      <section aria-labelledby="where">
        <h2 id="where">Where it is now</h2>
        <p>{reachInWords(reach)}</p>
        <Stages by={by} />
      </section>
      <section aria-labelledby="brought">
        <h2 id="brought">What brings it</h2>
        {reach.origins > reach.broughtBy.length && (
          <p>
            The {reach.broughtBy.length} most far-reaching of {reach.origins.toLocaleString("en")} layers.
          </p>
        )}
        <ol className={styles.origins}>
          {reach.broughtBy.map((origin) => (
            <Origin key={`${origin.chainId} ${origin.command} ${origin.images}`} origin={origin} />
          ))}
        </ol>
      </section>
    </>
  );
}

function Origin({
  origin: { chainId, command, images, assets, bases },
}: {
  readonly origin: PackageReach["broughtBy"][number];
}) {
  const words = writtenCommand(command);
  return (
    <li>
      <div className={styles.head}>
        <strong>
          {counted(images, "image")}, {counted(assets, "place")}
        </strong>
        {chainId !== null && <Copyable text={chainId} what="chain ID" most={20} />}
      </div>
      <code title={plain(command).slice(0, 2000)}>
        {words === ""
          ? chainId === null
            ? "not from a layer"
            : "a layer whose command is unknown"
          : shortened(words, 160)}
      </code>
      {bases.length > 0 && <div>Ends the base {bases.map((base) => shortened(base, 80)).join(", ")}</div>}
    </li>
  );
}

/** The three lists, each number exactly what the list shows. */
function Stages({ by }: { readonly by: ReachProps["by"] }) {
  const view = { ...by };
  const answers = useQueries({
    queries: stages.map(([stage]) => groupsQuery({ stage, filter: expressionOf(filtersIn(view, stage)) })),
  });
  return (
    <ul className={styles.stages}>
      {stages.map(([stage, title], at) => (
        <li key={stage}>
          <strong>
            <Rows whole={answers[at]?.data?.whole} stage={stage} title={title} view={view} />
          </strong>{" "}
          {title.toLowerCase()}
        </li>
      ))}
    </ul>
  );
}

interface RowsProps {
  readonly whole: ResultGroups["whole"] | undefined;
  readonly stage: Stage;
  readonly title: string;
  readonly view: Readonly<Record<string, string>>;
}

function Rows({ whole, stage, title, view }: RowsProps) {
  if (whole === undefined) return <span>…</span>;
  return <CountLink stage={stage} view={view} count={whole.rows} what={title.toLowerCase()} />;
}

function reachInWords({ images, registries, clusters, teams, bySeverity }: PackageReach): string {
  const parts = [
    counted(images, "image"),
    ...(registries > 0 ? [`${registries} ${registries === 1 ? "registry" : "registries"}`] : []),
    ...(clusters > 0 ? [counted(clusters, "cluster")] : []),
    ...(teams > 0 ? [counted(teams, "team")] : []),
  ];
  const rated = bySeverity.map(({ severity, images: some }) => `${severity ?? "nothing known against it"} in ${some}`);
  return `${parts.join(", ")}. Rated: ${rated.join(", ")}.`;
}

function counted(count: number, one: string): string {
  return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
}
