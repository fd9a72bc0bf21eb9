import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { type Column, leastWidth, nextOrder, type Order } from "./column.ts";
import styles from "./data-table.module.css";

export interface DataTableProps<Row> {
  /** What the rows are, for who hears the page. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** `undefined`: there is one, and it is on its way. */
  readonly rows: readonly (Row | undefined)[];
  readonly keyOf: (row: Row) => string;
  /** All rows there are, shown or not. */
  readonly total?: number | undefined;
  readonly order?: Order | undefined;
  readonly onOrder?: (order: Order) => void;
  readonly onOpen?: (row: Row) => void;
  readonly openKey?: string | undefined;
  /** The last row that is here came into sight. */
  readonly onEnd?: (() => void) | undefined;
  /** Which rows are drawn now, by their places. */
  readonly onSight?: (first: number, last: number) => void;
  /** Which list it is: another one begins at its top. */
  readonly listKey?: string;
}

const rowHeight = 37;

/** A table of any number of rows, of which only those in sight are drawn. Arrow keys or `j` and `k` move, Enter opens. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, total } = props;
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  useEnd(items.at(-1)?.index, props);
  useSight(items[0]?.index, items.at(-1)?.index, props.onSight);
  useTop(frame, props.listKey);
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys (WCAG 2.1.1)
    <section className={styles.frame} ref={frame as RefObject<HTMLDivElement>} tabIndex={0} aria-label={label}>
      <table
        className={styles.table}
        style={{ minWidth: leastWidth(columns) }}
        aria-label={label}
        aria-rowcount={(total ?? rows.length) + 1}
      >
        <Head {...props} />
        <tbody onKeyDown={moveByKey}>
          <Spacer height={before} span={columns.length} />
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return <Waiting key={index} index={index} span={columns.length} />;
            return <Line key={props.keyOf(row)} {...props} row={row} index={index} />;
          })}
          <Spacer height={after} span={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

function useEnd<Row>(last: number | undefined, { rows, onEnd }: DataTableProps<Row>): void {
  const isAtEnd = last !== undefined && last >= rows.length - 1;
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, onEnd]);
}

function useSight(
  first: number | undefined,
  last: number | undefined,
  onSight: ((first: number, last: number) => void) | undefined,
): void {
  useEffect(() => {
    if (first !== undefined && last !== undefined) onSight?.(first, last);
  }, [first, last, onSight]);
}

function useTop(frame: RefObject<HTMLElement | null>, listKey: string | undefined): void {
  useEffect(() => {
    if (listKey !== undefined) frame.current?.scrollTo({ top: 0 });
  }, [frame, listKey]);
}

function Waiting({ index, span }: { readonly index: number; readonly span: number }) {
  return (
    <tr aria-rowindex={index + 2}>
      <td colSpan={span} className={styles.waiting}>
        on its way
      </td>
    </tr>
  );
}

function Head<Row>({ columns, order, onOrder }: DataTableProps<Row>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column) => (
          <Heading key={column.id} column={column} order={order} onOrder={onOrder} />
        ))}
      </tr>
    </thead>
  );
}

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly order: Order | undefined;
  readonly onOrder: ((order: Order) => void) | undefined;
}

const directions = { desc: { word: "descending", sign: " ↓" }, asc: { word: "ascending", sign: " ↑" } } as const;

function Heading<Row>({ column: { title, width, align, sort }, order, onOrder }: HeadingProps<Row>) {
  const direction = order !== undefined && order.by === sort ? directions[order.direction] : undefined;
  return (
    <th
      scope="col"
      style={{ width }}
      className={align === "right" ? styles.right : undefined}
      aria-sort={direction?.word}
    >
      {sort !== undefined && onOrder ? (
        <button type="button" onClick={() => onOrder(nextOrder(order, sort))}>
          {title}
          <span aria-hidden="true">{direction?.sign}</span>
        </button>
      ) : (
        title
      )}
    </th>
  );
}

interface LineProps<Row> extends DataTableProps<Row> {
  readonly row: Row;
  readonly index: number;
}

function Line<Row>({ columns, row, index, onOpen, openKey, keyOf }: LineProps<Row>) {
  const isOpen = openKey !== undefined && keyOf(row) === openKey;
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={isOpen || undefined}
      className={`${onOpen ? styles.row : ""} ${isOpen ? styles.open : ""}`}
      tabIndex={onOpen ? 0 : undefined}
      onClick={(event) => {
        if (!isOnControl(event.target)) onOpen?.(row);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !isOnControl(event.target)) onOpen?.(row);
      }}
    >
      {columns.map(({ id, align, cell }) => (
        <td key={id} className={align === "right" ? styles.right : undefined}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

function Spacer({ height, span }: { readonly height: number; readonly span: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <tr className={styles.spacer} aria-hidden="true">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

const steps: Readonly<Record<string, "nextElementSibling" | "previousElementSibling">> = {
  ArrowDown: "nextElementSibling",
  j: "nextElementSibling",
  ArrowUp: "previousElementSibling",
  k: "previousElementSibling",
};

function moveByKey(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key];
  if (step === undefined || !(event.target instanceof HTMLTableRowElement)) return;
  const next = event.target[step];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** A link or button within a row does its own thing. */
function isOnControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input") !== null;
}
