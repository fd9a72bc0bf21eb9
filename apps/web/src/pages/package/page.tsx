import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { packageReachQuery } from "../../api/search.ts";
import { useView } from "../../frame/view.ts";
import { Reach } from "../../lists/reach.tsx";
import { shortened } from "../../ui/plain.ts";
import { Empty } from "../../ui/states/empty.tsx";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import styles from "../vulnerability/vulnerability.module.css";

/** How far a package reaches: a name, `name@version` or a purl. */
export function Page() {
  const [view] = useView();
  const wanted = (view.package ?? "").trim().slice(0, 1000);
  const reach = useQuery({ ...packageReachQuery(wanted), enabled: wanted !== "" });
  return (
    <div className={styles.page}>
      <h1>{wanted === "" ? "Package" : `Package ${shortened(wanted, 80)}`}</h1>
      <Wanted />
      {wanted !== "" && reach.isPending && <LoadingRows rows={4} />}
      {reach.error && (
        <Failed error={reach.error} what="Where it is could not be loaded" onRetry={() => void reach.refetch()} />
      )}
      {reach.data === null && (
        <Empty title="It is nowhere in what you may see">
          A name means every version; <code>name@version</code> or a purl means one.
        </Empty>
      )}
      {reach.data && <Reach reach={reach.data} by={{ package: wanted }} />}
    </div>
  );
}

function Wanted() {
  const [view, change] = useView();
  const asked = view.package ?? "";
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change({ package: text.trim() || undefined });
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        size="xs"
        style={{ maxWidth: 560 }}
        label="Name, name@version or purl"
        value={text}
        maxLength={1000}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
