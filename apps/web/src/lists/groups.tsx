import type { ResultGroups } from "@plimsoll/contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { groupsQuery } from "../api/results.ts";
import type { Column } from "../ui/data-table/column.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { plain, shortened } from "../ui/plain.ts";
import { SeverityBar } from "../ui/severity-bar.tsx";
import { Empty } from "../ui/states/empty.tsx";
import { Failed } from "../ui/states/failed.tsx";
import { LoadingRows } from "../ui/states/loading-rows.tsx";
import { When } from "../ui/when.tsx";
import { MarkedCounts } from "./cells.tsx";
import type { Stage } from "./filters.ts";
import { countInWords, type Level } from "./list-kind.ts";
import styles from "./lists.module.css";
import type { ListView } from "./use-list-view.ts";

type Group = ResultGroups["data"][number];

interface GroupsProps {
  readonly stage: Stage;
  readonly level: Level;
  readonly levels: readonly Level[];
  readonly noun: readonly [one: string, many: string];
  readonly list: ListView;
}

const mostGroups = 500;

/** A list taken apart by one level; a row goes one level down. */
export function Groups({ stage, level, levels, noun, list }: GroupsProps) {
  const asked = { stage, by: level.by, filter: list.expression, limit: mostGroups };
  const groups = useQuery({ ...groupsQuery(asked), placeholderData: keepPreviousData });
  if (groups.data === undefined) {
    if (groups.isPending) return <LoadingRows />;
    return <Failed error={groups.error} what="The groups could not be loaded" onRetry={() => void groups.refetch()} />;
  }
  const named = groups.data.data.filter(({ value }) => value !== null);
  const nameless = groups.data.data.find(({ value }) => value === null)?.rows ?? 0;
  const next = levels[levels.indexOf(level) + 1];
  const open = ({ value }: Group) => list.change({ [level.filter]: value ?? undefined, by: next?.by });
  return (
    <>
      {nameless > 0 && (
        <p className={styles.quiet}>
          {countInWords(nameless, noun)} {nameless === 1 ? "tells" : "tell"} no {level.title.toLowerCase()} and{" "}
          {nameless === 1 ? "is" : "are"} not below.
        </p>
      )}
      {named.length === 0 ? (
        <Empty title={`Nothing here tells its ${level.title.toLowerCase()}`}>
          Take a filter away, or look at all {noun[1]}.
        </Empty>
      ) : (
        <DataTable<Group>
          label={level.title}
          columns={columnsOf(level)}
          rows={named}
          keyOf={({ value }) => value ?? ""}
          onOpen={open}
          listKey={`${level.by} ${list.expression}`}
        />
      )}
      {groups.data.groups > mostGroups && (
        <p className={styles.quiet}>
          The worst {mostGroups} of {groups.data.groups.toLocaleString("en")}; a filter shows the others.
        </p>
      )}
    </>
  );
}

function columnsOf(level: Level): readonly Column<Group>[] {
  return [
    {
      id: "value",
      title: level.title,
      width: "32%",
      cell: ({ value }) => <span title={plain(value ?? "").slice(0, 2000)}>{shortened(value ?? "", 60)}</span>,
    },
    { id: "rows", title: "How many", width: "96px", align: "right", cell: ({ rows }) => rows.toLocaleString("en") },
    {
      id: "severities",
      title: "With findings",
      width: "280px",
      cell: ({ rowsBySeverity }) => <SeverityBar counts={rowsBySeverity} />,
    },
    { id: "marks", title: "With", width: "110px", cell: (group) => <MarkedCounts {...group} /> },
    { id: "failed", title: "Failed", width: "72px", align: "right", cell: ({ failed }) => failed.toLocaleString("en") },
    { id: "newest", title: "Newest", width: "112px", cell: ({ newest }) => <When at={newest} /> },
  ];
}
