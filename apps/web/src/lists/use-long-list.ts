import { useQueries } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Query } from "../api/client.ts";
import { type ListPart, listPartQuery, rowsOfPart } from "../api/results.ts";
import { beginningOf, type Chain, linked, partsAround } from "./chain.ts";

export interface LongList<Row> {
  /** As far as it was walked; `undefined` for rows that are far from what is in sight. */
  readonly rows: readonly (Row | undefined)[];
  readonly total: number;
  readonly totalIsAtLeast: boolean;
  /** Tells one list from another. */
  readonly listKey: string;
  /** Nothing came yet. */
  readonly isPending: boolean;
  /** What is shown is the list before. */
  readonly isStale: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
  readonly onSight: (first: number, last: number) => void;
}

type Shown<Row> = Pick<LongList<Row>, "rows" | "total" | "totalIsAtLeast" | "listKey">;

/** A list of any length: only the parts around what is in sight are held, however far one walks. */
export function useLongList<Row>(path: string, query: Query): LongList<Row> {
  const listKey = JSON.stringify([path, query]);
  const [known, setChain] = useState<Chain>(() => beginningOf(listKey));
  const chain = known.listKey === listKey ? known : beginningOf(listKey);
  const [sight, setSight] = useState({ listKey, first: 0, last: 0 });
  const around = partsAround(chain, sight.listKey === listKey ? sight : { first: 0, last: 0 }, rowsOfPart);
  const answers = useQueries({
    queries: around.map((part) => listPartQuery<Row>(path, query, chain.cursors[part])),
  });
  const came = answers.map(({ data }, at) => ({ part: around[at] ?? 0, data }));
  const next = came.reduce((links, { part, data }) => linked(links, part, data), chain);
  useEffect(() => {
    if (next !== known) setChain(next);
  }, [next, known]);
  const shown = useShown(next, came);
  const failed = answers.find(({ error }) => error !== null);
  const onSight = useCallback((first: number, last: number) => setSight({ listKey, first, last }), [listKey]);
  return {
    ...(shown ?? { rows: [], total: 0, totalIsAtLeast: false, listKey }),
    isPending: shown === null && failed === undefined,
    isStale: shown !== null && shown.listKey !== listKey,
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
    onSight,
  };
}

interface Came<Row> {
  readonly part: number;
  readonly data: ListPart<Row> | undefined;
}

/** The rows that are here in their places; those of the list before until the first ones come. */
function useShown<Row>({ listKey, lengths }: Chain, came: readonly Came<Row>[]): Shown<Row> | null {
  const before = useRef<Shown<Row> | null>(null);
  const first = useRef<{ listKey: string; page: ListPart<Row>["page"] } | null>(null);
  const head = came.find(({ part }) => part === 0)?.data?.page;
  if (head !== undefined) first.current = { listKey, page: head };
  const parts = useSame(came);
  const rows = useMemo(() => placed(lengths, parts), [lengths, parts]);
  if (first.current?.listKey !== listKey || lengths.length === 0) return before.current;
  const { total, totalIsAtLeast = false } = first.current.page;
  before.current = { rows, total, totalIsAtLeast, listKey };
  return before.current;
}

/** The parts as they were, as long as they are the same. */
function useSame<Row>(came: readonly Came<Row>[]): readonly Came<Row>[] {
  const before = useRef(came);
  const isSame =
    before.current.length === came.length &&
    before.current.every(({ part, data }, at) => part === came[at]?.part && data === came[at]?.data);
  if (!isSame) before.current = came;
  return before.current;
}

function placed<Row>(lengths: readonly number[], came: readonly Came<Row>[]): (Row | undefined)[] {
  const starts: number[] = [];
  let total = 0;
  for (const length of lengths) {
    starts.push(total);
    total += length;
  }
  const rows = new Array<Row | undefined>(total);
  for (const { part, data } of came) {
    for (const [at, row] of (data?.data ?? []).entries()) rows[(starts[part] ?? 0) + at] = row;
  }
  return rows;
}
