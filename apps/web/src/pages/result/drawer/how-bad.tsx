import { cvssInWords } from "../../../ui/cvss-words.ts";
import { plain, shortened } from "../../../ui/plain.ts";
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
            : `${(epss.score * 100).toFixed(1)} % will be attacked within 30 days; more than ${Math.min(99.9, Math.floor(epss.percentile * 1000) / 10)} % of all`}
        </dd>
        <dt>Exploited</dt>
        <dd>
          {cisaKev === undefined
            ? "not in CISA's catalogue"
            : `known to be; due ${cisaKev.dueDate.slice(0, 10)}${cisaKev.knownRansomwareCampaignUse ? "; used for ransom" : ""}`}
        </dd>
        <dt>Exploits</dt>
        <dd>
          {exploitable ? "public" : "none known"}
          <ExploitLinks links={exploit?.links ?? []} />
        </dd>
      </dl>
    </section>
  );
}

const shownMost = 10;

/** Addresses that feeds name, shown whole: a link only where it leads to the web, and none that tells where it was followed from. */
function ExploitLinks({ links }: { readonly links: readonly string[] }) {
  const isWhole = links.length <= shownMost;
  return (
    <>
      {links.slice(0, shownMost).map((link) => (
        <div key={link}>
          {/^https?:\/\//i.test(link) ? (
            <a href={link} target="_blank" rel="noreferrer noopener">
              {shortened(link, 120)}
            </a>
          ) : (
            shortened(link, 120)
          )}
        </div>
      ))}
      {!isWhole && <div>and {links.length - shownMost} more</div>}
    </>
  );
}
