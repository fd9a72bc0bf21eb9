import type { ResultVulnerability } from "@plimsoll/contract";
import { plain } from "../../../ui/plain.ts";
import type { FindingRow } from "../model.ts";

interface ProofProps {
  readonly finding: FindingRow;
  readonly known: ResultVulnerability;
}

/** Why this package matches: advisory, range, and each comparison that decided. */
export function Proof({ finding, known }: ProofProps) {
  const own = known.packages.find(({ id }) => id === finding.pkg.id);
  const advisories = own?.advisories.filter(({ holds }) => holds) ?? [];
  return (
    <section aria-labelledby="proof">
      <h3 id="proof">Why this package matches</h3>
      {advisories.length === 0 && (
        <p>{known.isFrozen ? "Today's knowledge would not match it any more." : "Nothing tells."}</p>
      )}
      <ul>
        {advisories.map(({ advisory, feed, key, scheme, ranges }) => (
          <li key={`${feed} ${advisory}`}>
            {plain(advisory)} ({plain(feed)}) says of {plain(key.name)} {plain(key.version)}, compared as{" "}
            {plain(scheme)}:
            <ul>
              {ranges
                .filter(({ holds }) => holds)
                .map(({ range, comparisons }) => (
                  <li key={range}>
                    <code>{plain(range)}</code> holds: {comparisons.map(({ condition }) => plain(condition)).join(", ")}
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}
