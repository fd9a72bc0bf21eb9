import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { addressOf } from "../api/client.ts";
import { listPathOf } from "../api/results.ts";
import { shownColumns } from "../ui/data-table/column.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { Empty } from "../ui/states/empty.tsx";
import { Failed } from "../ui/states/failed.tsx";
import { LoadingRows } from "../ui/states/loading-rows.tsx";
import { Breadcrumb } from "./breadcrumb.tsx";
import { Chips } from "./chips.tsx";
import { ColumnChoice, chosenColumns } from "./column-choice.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { Groups } from "./groups.tsx";
import { countInWords, type ListKind, orderIn } from "./list-kind.ts";
import styles from "./lists.module.css";
import { type ListView, useListView } from "./use-list-view.ts";
import { type LongList, useLongList } from "./use-long-list.ts";

/** A list of results with everything around it. */
export function ListPage<Row>({ kind }: { readonly kind: ListKind<Row> }) {
  const list = useListView(kind.stage);
  const sorts = ["risk", ...kind.columns.flatMap(({ sort }) => sort ?? [])];
  const order = orderIn(list.view, sorts);
  const query = { filter: list.expression, sort: order.by, order: order.direction };
  const path = listPathOf(kind.stage);
  const rows = useLongList<Row>(path, query);
  const level = kind.levels.find(({ by }) => by === list.view.by);
  return (
    <>
      <div className={styles.head}>
        <h1>{kind.title}</h1>
        <Count kind={kind} rows={rows} />
        <div className={styles.actions}>
          {level === undefined && <ColumnChoice columns={kind.columns} list={list} />}
          <Button size="xs" variant="default" component="a" href={addressOf(`${path}/csv`, query)} download>
            Download CSV
          </Button>
        </div>
      </div>
      <FilterBar stage={kind.stage} list={list} />
      <Chips {...list} />
      {kind.levels.length > 0 && <Breadcrumb levels={kind.levels} many={kind.noun[1]} list={list} />}
      {rows.error && <Failed error={rows.error} what="The list could not be loaded" onRetry={rows.retry} />}
      {level === undefined ? (
        <Rows kind={kind} list={list} rows={rows} order={order} />
      ) : (
        <Groups key={level.by} stage={kind.stage} level={level} levels={kind.levels} noun={kind.noun} list={list} />
      )}
    </>
  );
}

function Count<Row>({ kind, rows }: { readonly kind: ListKind<Row>; readonly rows: LongList<Row> }) {
  const words = rows.isPending || rows.error ? "" : countInWords(rows.total, kind.noun, rows.totalIsAtLeast);
  return (
    <span className={styles.count} role="status">
      {words}
      {rows.isStale && " (updating)"}
    </span>
  );
}

interface RowsProps<Row> {
  readonly kind: ListKind<Row>;
  readonly list: ListView;
  readonly rows: LongList<Row>;
  readonly order: { readonly by: string; readonly direction: "asc" | "desc" };
}

function Rows<Row>({ kind, list, rows, order }: RowsProps<Row>) {
  const navigate = useNavigate();
  if (rows.isPending) return <LoadingRows />;
  if (rows.rows.length === 0) return rows.error ? null : <Nothing kind={kind} list={list} />;
  const open = (row: Row) => {
    const resultId = kind.resultOf(row);
    if (resultId !== "") void navigate({ to: "/results/$resultId", params: { resultId } });
  };
  return (
    <div className={rows.isStale ? styles.stale : styles.fresh} aria-busy={rows.isStale}>
      <DataTable<Row>
        label={kind.title}
        columns={shownColumns(kind.columns, chosenColumns(list))}
        rows={rows.rows}
        total={rows.totalIsAtLeast ? undefined : rows.total}
        keyOf={kind.keyOf}
        order={order}
        onOrder={({ by, direction }) => list.change({ sort: by, order: direction === "asc" ? "asc" : undefined })}
        onOpen={open}
        onSight={rows.onSight}
        listKey={rows.listKey}
      />
    </div>
  );
}

function Nothing<Row>({ kind, list }: { readonly kind: ListKind<Row>; readonly list: ListView }) {
  if (list.filters.length === 0) return <Empty title={kind.empty.title}>{kind.empty.how}</Empty>;
  return (
    <Empty title={`No ${kind.noun[0]} is like that`}>
      <Button size="xs" variant="default" onClick={list.clear}>
        Take all filters away
      </Button>
    </Empty>
  );
}
