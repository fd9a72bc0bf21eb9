import { useQuery } from "@tanstack/react-query";
import { recommendationsQuery } from "../../api/result.ts";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { Verdict } from "../../ui/verdict.tsx";
import { Advice } from "./advice.tsx";
import { countsOf, verdictOf } from "./model.ts";
import styles from "./result.module.css";
import type { ResultView } from "./result-view.ts";
import { WhatItKnows } from "./what-it-knows.tsx";

/** The verdict, what it knows, the counts, and what to do first. */
export function Overview({ resultId, result, model: { findings }, layer }: ResultView) {
  const advice = useQuery(recommendationsQuery(resultId));
  const fixable = findings.filter(({ fixVersion }) => fixVersion !== undefined).length;
  const exploitable = findings.filter((row) => row.exploitable || row.cisaKev !== undefined).length;
  const running = findings.filter(({ pkg }) => pkg.isRunning).length;
  return (
    <div className={styles.grid}>
      <section aria-labelledby="first">
        <h2 id="first">Do this first</h2>
        <Advice advice={advice} hasFindings={findings.length > 0} layer={layer?.key} />
      </section>
      <section aria-labelledby="found">
        <h2 id="found">{layer === undefined ? "Found" : `Found in layer ${layer.index}`}</h2>
        <SeverityBar counts={countsOf(findings)} />
        <p>
          {findings.length} findings, {fixable} with a fix, {exploitable} with an exploit, {running} in use
        </p>
        <h2 className={styles.next}>{layer === undefined ? "Verdict" : "Verdict, of all layers"}</h2>
        <p>
          <Verdict word={verdictOf(result)} complete={result.complete ?? true} />
        </p>
        <WhatItKnows {...result} />
      </section>
    </div>
  );
}
