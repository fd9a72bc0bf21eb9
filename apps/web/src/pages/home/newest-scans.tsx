import type { PipelineResultRow } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { listPartQuery, listPathOf } from "../../api/results.ts";
import { Name } from "../../lists/cells.tsx";
import { ListLink } from "../../lists/list-link.tsx";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import { Verdict } from "../../ui/verdict.tsx";
import { When } from "../../ui/when.tsx";
import styles from "./home.module.css";

const some = 6;

/** What pipelines sent last. */
export function NewestScans() {
  const newest = useQuery(
    listPartQuery<PipelineResultRow>(listPathOf("pipeline"), { sort: "createdAt", order: "desc" }, undefined),
  );
  const rows = newest.data?.data.slice(0, some) ?? [];
  return (
    <section aria-labelledby="newest">
      <h2 id="newest">Newest scans</h2>
      {newest.isPending && <LoadingRows rows={some} />}
      {newest.error && (
        <Failed error={newest.error} what="The newest could not be loaded" onRetry={() => void newest.refetch()} />
      )}
      {newest.data && rows.length === 0 && <p className={styles.quiet}>No pipeline has sent a scan yet.</p>}
      <ol className={styles.list}>
        {rows.map(({ resultId, pullString, policyEvaluationResult, isComplete, createdAt }) => (
          <li key={resultId} className={`${styles.worst} ${styles.newest}`}>
            <Link to="/results/$resultId" params={{ resultId }}>
              <Name text={pullString} most={60} />
            </Link>
            <Verdict word={policyEvaluationResult} complete={isComplete !== false} />
            <When at={createdAt} />
          </li>
        ))}
      </ol>
      {rows.length > 0 && (
        <p>
          <ListLink stage="pipeline" view={{ sort: "createdAt" }}>
            All, the newest first
          </ListLink>
        </p>
      )}
    </section>
  );
}
