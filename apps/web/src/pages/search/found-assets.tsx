import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { assetsQuery } from "../../api/results.ts";
import { MarkedCounts, Name, Unscanned } from "../../lists/cells.tsx";
import { quoted, type Stage } from "../../lists/filters.ts";
import { countInWords } from "../../lists/list-kind.ts";
import { ListLink } from "../../lists/list-link.tsx";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import styles from "./search.module.css";

const some = 20;

/** Images, workloads and hosts by part of their name or digest, the worst first. */
export function FoundAssets({ text }: { readonly text: string }) {
  return (
    <>
      <Assets
        id="images"
        title="Images"
        text={text}
        types={["registry", "pipeline"]}
        lists={["registry", "pipeline"]}
      />
      <Assets id="workloads" title="Workloads and hosts" text={text} types={["workload", "host"]} lists={["runtime"]} />
    </>
  );
}

interface AssetsProps {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly types: readonly string[];
  readonly lists: readonly Stage[];
}

const names: Readonly<Record<Stage, string>> = {
  pipeline: "pipeline results",
  registry: "registry images",
  runtime: "workloads and hosts",
};

function Assets({ id, title, text, types, lists }: AssetsProps) {
  const hex = /^(?:sha256:)?([0-9a-f]{12,64})$/.exec(text)?.[1];
  const named = hex === undefined ? `freeText in (${quoted(text)})` : `image.digest startsWith "${hex}"`;
  const found = useQuery(
    assetsQuery({ filter: `asset.type in (${types.map(quoted).join(", ")}) and ${named}`, limit: some }),
  );
  const { total = 0, totalIsAtLeast = false } = found.data?.page ?? {};
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {found.isPending && <LoadingRows rows={2} />}
      {found.error && (
        <Failed error={found.error} what={`${title} could not be looked up`} onRetry={() => void found.refetch()} />
      )}
      {found.data && total === 0 && <p className={styles.quiet}>None that is here now.</p>}
      <ul className={styles.list}>
        {found.data?.data.map(({ assetId, resultId, name, vulnTotalBySeverity, ...marks }) => (
          <li key={assetId} className={styles.row}>
            {resultId === "" ? (
              <Name text={name} most={80} />
            ) : (
              <Link to="/results/$resultId" params={{ resultId }}>
                <Name text={name} most={80} />
              </Link>
            )}
            <span style={{ display: "flex", gap: 16, flexWrap: "wrap" }}>
              <span style={{ width: 280 }}>
                {resultId === "" ? <Unscanned /> : <SeverityBar counts={vulnTotalBySeverity} />}
              </span>
              {resultId !== "" && <MarkedCounts {...marks} />}
            </span>
          </li>
        ))}
      </ul>
      {total > 0 && hex === undefined && (
        <p className={styles.quiet}>
          {total > some && `The worst ${some} of ${countInWords(total, ["one", ""], totalIsAtLeast).trim()}. `}
          As a list:{" "}
          {lists.map((stage, at) => (
            <span key={stage}>
              {at > 0 && ", "}
              <ListLink stage={stage} view={{ q: text }}>
                {names[stage]}
              </ListLink>
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
