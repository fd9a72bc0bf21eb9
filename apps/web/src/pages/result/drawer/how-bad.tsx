import { cvssInWords } from "../../../ui/cvss-words.ts";
import { plain } from "../../../ui/plain.ts";
import type { FindingRow } from "../model.ts";
import styles from "../result.module.css";

/** How bad: the vector spelled out, EPSS, the catalogue of known exploits, exploits. */
export function HowBad({ finding }: { readonly finding: FindingRow }) {
  const { cvssScore, cisaKev, exploit, exploitable, providersMetadata } = finding;
  const epss = providersMetadata?.["first.org"]?.epssScore;
  const words = cvssInWords(cvssScore.vector);
  return (
    <section aria-labelledby="how-bad">
      <h3 id="how-bad">How bad it is</h3>
      <dl className={styles.pairs}>
        <dt>CVSS</dt>
        <dd>
          {cvssScore.vector === "" ? "unknown" : `${cvssScore.score.toFixed(1)} (${plain(cvssScore.version)})`}
          {cvssScore.vector !== "" && (
            <div>
              <code>{plain(cvssScore.vector)}</code>
            </div>
          )}
          {words !== "" && <div>{words}</div>}
        </dd>
        <dt>EPSS</dt>
        <dd>
          {epss === undefined
            ? "unknown"
            : `${(epss.score * 100).toFixed(1)} % will be attacked within 30 days; more than ${Math.floor(epss.percentile * 1000) / 10} % of all`}
        </dd>
        <dt>Exploited</dt>
        <dd>
          {cisaKev === undefined
            ? "not in CISA's catalogue"
            : `known to be; due ${cisaKev.dueDate.slice(0, 10)}${cisaKev.knownRansomwareCampaignUse ? "; used for ransom" : ""}`}
        </dd>
        <dt>Exploits</dt>
        <dd>{exploitWords(exploitable, exploit?.links.length ?? 0)}</dd>
      </dl>
    </section>
  );
}

function exploitWords(exploitable: boolean, links: number): string {
  if (!exploitable) return "none known";
  return links === 0 ? "public" : `public, ${links} known`;
}
