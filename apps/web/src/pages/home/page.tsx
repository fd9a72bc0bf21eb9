import { useQueries, useQuery } from "@tanstack/react-query";
import { groupsQuery } from "../../api/results.ts";
import { meQuery } from "../../api/session.ts";
import { ScanCommand } from "../../lists/scan-command.tsx";
import { Empty } from "../../ui/states/empty.tsx";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import styles from "./home.module.css";
import { Knowledge } from "./knowledge.tsx";
import { NewestScans } from "./newest-scans.tsx";
import { Totals } from "./totals.tsx";
import { Worst } from "./worst.tsx";

const stages = ["pipeline", "registry", "runtime"] as const;

/** What is worst, how much there is, what is new, and how old our knowledge is. */
export function Page() {
  const totals = useQueries({ queries: stages.map((stage) => groupsQuery({ stage })) });
  const { data: me } = useQuery(meQuery);
  const numbers = totals.flatMap(({ data }, at) => {
    const stage = stages[at];
    return data === undefined || stage === undefined ? [] : [{ stage, ...data.whole }];
  });
  const failed = totals.find(({ error }) => error !== null);
  const isEmpty = numbers.length === stages.length && numbers.every(({ rows }) => rows === 0);
  const isReader = me?.permissions.includes("feeds.read") === true;
  return (
    <>
      <h1>Home</h1>
      {failed && (
        <Failed error={failed.error} what="The numbers could not be loaded" onRetry={() => void failed.refetch()} />
      )}
      {isEmpty ? (
        <Empty title="Nothing was scanned yet">
          <p>One command fills this page:</p>
          <ScanCommand />
        </Empty>
      ) : (
        <div className={styles.grid}>
          <Worst />
          {numbers.length > 0 ? <Totals numbers={numbers} /> : !failed && <LoadingRows rows={3} />}
          <NewestScans />
          {isReader && <Knowledge />}
        </div>
      )}
      {isEmpty && isReader && <Knowledge />}
    </>
  );
}
