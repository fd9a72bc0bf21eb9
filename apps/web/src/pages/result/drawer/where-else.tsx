import type { VulnerabilityReach } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { vulnerabilityReachQuery } from "../../../api/search.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import { LoadingRows } from "../../../ui/states/loading-rows.tsx";

/** Where else in the estate it is, in numbers that are exact, and the way to all of it. */
export function WhereElse({ name }: { readonly name: string }) {
  const { data, error, refetch } = useQuery(vulnerabilityReachQuery(name));
  return (
    <section aria-labelledby="where-else">
      <h3 id="where-else">Where else</h3>
      {error && <Failed error={error} what="Where else it is could not be worked out" onRetry={() => void refetch()} />}
      {data === undefined && error === null && <LoadingRows rows={1} />}
      {data === null && <p>Nothing that is watched has it today.</p>}
      {data && (
        <p>
          {reachInWords(data)}. <Link to={`/vulnerabilities/${encodeURIComponent(name)}`}>See all of them</Link>
        </p>
      )}
    </section>
  );
}

const kinds = [
  ["workloads", "workload"],
  ["hosts", "host"],
  ["registryImages", "image in registries"],
  ["pipelines", "pipeline"],
] as const;

/** "In 3 images of 4 assets: 2 workloads, 2 pipelines". */
function reachInWords(reach: VulnerabilityReach): string {
  if (reach.assets === 0) return "Nothing that is watched has it today";
  const told = kinds.flatMap(([key, word]) => (reach[key] > 0 ? [counted(reach[key], word)] : []));
  const list = told.length === 0 ? "" : `: ${told.join(", ")}`;
  return `In ${counted(reach.images, "image")} of ${counted(reach.assets, "asset")}${list}`;
}

function counted(count: number, word: string): string {
  const many = word.replace(/^(\w+)/, "$1s");
  return `${count} ${count === 1 ? word : many}`;
}
