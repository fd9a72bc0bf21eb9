import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { assetsQuery } from "../../api/results.ts";
import { MarkedCounts, Name, Unscanned } from "../../lists/cells.tsx";
import { ListLink } from "../../lists/list-link.tsx";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import styles from "./home.module.css";

const someWorst = 8;

/** What to look at first: exploits, then severities, then how many. */
export function Worst() {
  const worst = useQuery(assetsQuery({ limit: someWorst }));
  return (
    <section className={styles.wide} aria-labelledby="worst">
      <h2 id="worst">Worst now</h2>
      {worst.isPending && <LoadingRows rows={someWorst} />}
      {worst.error && (
        <Failed error={worst.error} what="The worst could not be loaded" onRetry={() => void worst.refetch()} />
      )}
      <ol className={styles.list}>
        {worst.data?.data.map(({ assetId, resultId, kind, name, vulnTotalBySeverity, ...marks }) => (
          <li key={assetId} className={styles.worst}>
            {resultId === "" ? (
              <Name text={name} most={90} />
            ) : (
              <Link to="/results/$resultId" params={{ resultId }}>
                <Name text={name} most={90} />
              </Link>
            )}
            {resultId === "" ? <Unscanned /> : <SeverityBar counts={vulnTotalBySeverity} />}
            {resultId === "" ? <span /> : <MarkedCounts {...marks} />}
            <span className={styles.quiet}>{kind}</span>
          </li>
        ))}
      </ol>
      <p className={styles.quiet}>
        All by risk: <ListLink stage="registry">registry images</ListLink>, <ListLink stage="runtime">runtime</ListLink>
        , <ListLink stage="pipeline">pipeline results</ListLink>
      </p>
    </section>
  );
}
