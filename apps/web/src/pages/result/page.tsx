import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { resultQuery } from "../../api/result.ts";
import { useView } from "../../frame/view.ts";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import { Detail } from "./detail.tsx";
import { Header } from "./header.tsx";
import { LayerChip } from "./layer-chip.tsx";
import { LayerStack } from "./layer-stack.tsx";
import { Layers } from "./layers.tsx";
import { modelOf, narrowedTo, type ResultModel } from "./model.ts";
import { Overview } from "./overview.tsx";
import { Packages } from "./packages.tsx";
import { Policies } from "./policies.tsx";
import { ProblemList } from "./problem-list.tsx";
import styles from "./result.module.css";
import type { ResultView } from "./result-view.ts";
import { Vulnerabilities } from "./vulnerabilities.tsx";
import { VulnerabilityDrawer } from "./vulnerability-drawer.tsx";

interface Tab {
  readonly id: string;
  readonly title: (shown: ResultView) => string;
  /** Left out of targets without layers. */
  readonly needsLayers?: true;
  readonly Panel: (props: ResultView) => ReactNode;
}

const tabs: readonly Tab[] = [
  { id: "overview", title: () => "Overview", Panel: Overview },
  { id: "vulnerabilities", title: ({ model }) => `Vulnerabilities ${model.findings.length}`, Panel: Vulnerabilities },
  { id: "packages", title: ({ model }) => `Packages ${model.packages.length}`, Panel: Packages },
  { id: "layers", title: ({ whole }) => `Layers ${whole.layers.length}`, needsLayers: true, Panel: Layers },
  { id: "policies", title: ({ result }) => `Policies ${result.policies.evaluations.length}`, Panel: Policies },
  { id: "detail", title: () => "Detail", Panel: Detail },
];

/** One result: what it says, why, and what to do about it. */
export function Page() {
  const { resultId = "" } = useParams({ strict: false }) as { readonly resultId?: string };
  const { data, error, refetch } = useQuery(resultQuery(resultId));
  const whole = useMemo(() => (data === undefined ? undefined : modelOf(data)), [data]);
  if (data !== undefined && whole !== undefined) return <Shown resultId={resultId} result={data} whole={whole} />;
  if (error === null) return <LoadingRows rows={14} />;
  return <Failed error={error} what="This result could not be loaded" onRetry={() => void refetch()} />;
}

function Shown({ resultId, result, whole }: Pick<ResultView, "resultId" | "result" | "whole">) {
  const [view, change] = useView();
  const shown = useNarrowed({ resultId, result, whole }, view.layer);
  const there = tabs.filter(({ needsLayers }) => needsLayers === undefined || whole.layers.length > 0);
  const open = there.find(({ id }) => id === view.tab) ?? tabs[0];
  return (
    <>
      <Header {...shown} />
      <ProblemList problems={shown.result.problems ?? []} />
      <div className={styles.body}>
        <LayerStack {...shown} />
        <Tabs
          className={styles.tabs}
          value={open?.id ?? "overview"}
          onChange={(tab) => change({ tab: tab ?? undefined })}
          keepMounted={false}
        >
          <Tabs.List aria-label="Parts of the result">
            {there.map(({ id, title }) => (
              <Tabs.Tab key={id} value={id}>
                {title(shown)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {there.map(({ id, Panel }) => (
            <Tabs.Panel key={id} value={id} className={styles.panel}>
              <LayerChip layer={shown.layer} />
              <Panel {...shown} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </div>
      <VulnerabilityDrawer {...shown} />
    </>
  );
}

/** Everything of the layer that the address names alone; all when it names none that is there. */
function useNarrowed(all: Pick<ResultView, "resultId" | "result" | "whole">, layer: string | undefined): ResultView {
  const { whole } = all;
  const model = useMemo((): ResultModel => narrowedTo(whole, layer), [whole, layer]);
  return { ...all, model, layer: whole.layers.find(({ key }) => key === layer) };
}
