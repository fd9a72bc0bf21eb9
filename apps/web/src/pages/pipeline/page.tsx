import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type PipelineRow, pipelineQuery } from "../../api/results.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { Empty } from "../../ui/states/empty.tsx";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import { columns } from "./columns.tsx";

export function Page() {
  const list = useInfiniteQuery(pipelineQuery({}));
  const navigate = useNavigate();
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? [];
  const total = list.data?.pages[0]?.page.total;
  return (
    <>
      <h1>Pipeline results</h1>
      {list.error && (
        <Failed error={list.error} what="The list could not be loaded" onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <LoadingRows />}
      {list.data && rows.length === 0 && (
        <Empty title="No pipeline has sent a scan yet">
          <code>plimsoll scan IMAGE --apiurl {location.origin}</code>
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable<PipelineRow>
          label="Pipeline results"
          columns={columns}
          rows={rows}
          total={total}
          keyOf={({ resultId }) => resultId}
          onOpen={({ resultId }) => void navigate({ to: `/results/${resultId}` })}
          {...(list.hasNextPage && !list.isFetching && { onEnd: () => void list.fetchNextPage() })}
        />
      )}
    </>
  );
}
