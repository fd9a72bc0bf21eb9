import { useQuery } from "@tanstack/react-query";
import { recommendationsQuery } from "../../../api/result.ts";
import { Copyable } from "../../../ui/copyable.tsx";
import { plain } from "../../../ui/plain.ts";
import type { FindingRow } from "../model.ts";
import styles from "../result.module.css";
import type { ResultView } from "../result-view.ts";

/** Why it concerns you: package, version, path, layer, in use, fix. */
export function WhyHere({ finding, whole, resultId }: ResultView & { readonly finding: FindingRow }) {
  const { pkg, fixVersion, fixState, solutionDate } = finding;
  const layer = whole.layers.find(({ key }) => key === pkg.layerRef);
  return (
    <section aria-labelledby="why-here">
      <h3 id="why-here">Why it concerns this target</h3>
      <dl className={styles.pairs}>
        <dt>Package</dt>
        <dd>
          {plain(pkg.name)} {plain(pkg.version)}
        </dd>
        <dt>Licence</dt>
        <dd>{plain(pkg.license ?? "") || "unknown"}</dd>
        {pkg.path !== undefined && (
          <>
            <dt>Path</dt>
            <dd>
              <code>{plain(pkg.path)}</code>
            </dd>
          </>
        )}
        {layer !== undefined && (
          <>
            <dt>Layer</dt>
            <dd>
              {layer.index}: <code>{layer.command}</code>
            </dd>
          </>
        )}
        <dt>In use</dt>
        <dd>{pkg.isRunning ? "yes" : "not seen"}</dd>
        <dt>Fix</dt>
        <dd>
          {fixVersion === undefined ? fixWords(fixState) : `version ${plain(fixVersion)}`}
          {solutionDate !== undefined && `, known since ${solutionDate}`}
          <Command finding={finding} resultId={resultId} />
        </dd>
        {pkg.purl !== undefined && (
          <>
            <dt>purl</dt>
            <dd>
              <Copyable text={pkg.purl} what="purl" most={60} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** What brings this package to where everything fixable is fixed, to copy. */
function Command({
  finding: { pkg, fixVersion },
  resultId,
}: {
  readonly finding: FindingRow;
  readonly resultId: string;
}) {
  const { data } = useQuery(recommendationsQuery(resultId));
  const upgrade = data?.data.find(
    ({ name, ecosystem, versions }) =>
      name === pkg.name && ecosystem === pkg.ecosystem && versions.includes(pkg.version),
  );
  if (fixVersion === undefined || upgrade === undefined) return null;
  return upgrade.fixes.map(({ kind, text }) => (
    <div key={text}>
      <Copyable text={text} what={kind === "command" ? "command" : "what to change"} most={200} />
    </div>
  ));
}

function fixWords(state: string | undefined): string {
  if (state === "wont-fix") return "will not be fixed";
  return state === "not-fixed" ? "none yet" : "unknown";
}
