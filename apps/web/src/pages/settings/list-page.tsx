import type { ReactNode } from "react";
import type { Column } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { Empty } from "../../ui/states/empty.tsx";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import styles from "./settings.module.css";

/** Rows on their way, here, or failed: what queries of one page and of many have in common. */
export interface Rows<Row> {
  readonly data: readonly Row[] | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

interface ListPageProps<Row> {
  readonly title: string;
  readonly intro: ReactNode;
  readonly rows: Rows<Row>;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly onOpen?: ((row: Row) => void) | undefined;
  readonly openKey?: string | undefined;
  readonly onEnd?: (() => void) | undefined;
  /** What makes a new one. */
  readonly action?: ReactNode;
  readonly filters?: ReactNode;
  readonly empty: ReactNode;
  readonly emptyTitle: string;
  /** What stands beside or over the list. */
  readonly children?: ReactNode;
}

/** A page of settings: what it is for, the list, and what is opened beside it. */
export function ListPage<Row>({ title, intro, action, filters, children, ...list }: ListPageProps<Row>) {
  return (
    <>
      <div className={styles.head}>
        <div>
          <h1>{title}</h1>
          <p className={styles.intro}>{intro}</p>
        </div>
        {action}
      </div>
      {filters}
      <ListOf {...list} label={title} />
      {children}
    </>
  );
}

type ListOfProps<Row> = Omit<ListPageProps<Row>, "title" | "intro" | "action" | "filters" | "children"> & {
  readonly label: string;
};

/** A list in all its states. */
export function ListOf<Row>({ label, rows, columns, keyOf, empty, emptyTitle, ...rest }: ListOfProps<Row>) {
  const { data, error, isPending, refetch } = rows;
  return (
    <>
      {error && <Failed error={error} what="The list could not be loaded" onRetry={() => void refetch()} />}
      {isPending && <LoadingRows />}
      {data?.length === 0 && <Empty title={emptyTitle}>{empty}</Empty>}
      {data !== undefined && data.length > 0 && (
        <DataTable<Row>
          label={label}
          columns={columns}
          rows={data}
          keyOf={keyOf}
          {...(rest.onOpen && { onOpen: rest.onOpen })}
          openKey={rest.openKey}
          onEnd={rest.onEnd}
        />
      )}
    </>
  );
}
