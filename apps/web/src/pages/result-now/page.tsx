import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { resultNowQuery } from "../../api/result.ts";
import { shortened } from "../../ui/plain.ts";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import { Changes } from "./changes.tsx";
import { MovedFixes } from "./moved-fixes.tsx";
import { SideBySide } from "./side-by-side.tsx";

/** A frozen result and what is known today, side by side; and what makes the difference. */
export function Page() {
  const { resultId = "" } = useParams({ strict: false }) as { readonly resultId?: string };
  const { data, error, refetch } = useQuery(resultNowQuery(resultId));
  if (data === undefined) {
    if (error === null) return <LoadingRows rows={12} />;
    return <Failed error={error} what="What is known today could not be worked out" onRetry={() => void refetch()} />;
  }
  const { metadata } = data;
  return (
    <>
      <h1>{shortened("pullString" in metadata ? metadata.pullString : metadata.hostName, 160)}: then and today</h1>
      <p>
        The <Link to={`/results/${resultId}`}>result</Link> stays as it was answered. Judged with what is known today it
        would say this.
      </p>
      <SideBySide now={data} />
      <Changes now={data} />
      <MovedFixes now={data} />
    </>
  );
}
