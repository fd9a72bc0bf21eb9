import { Anchor } from "@mantine/core";
import { addressOf } from "../../api/client.ts";
import { plain } from "../../ui/plain.ts";
import styles from "./result.module.css";
import type { ResultView } from "./result-view.ts";

/** Everything that is known of the target itself, and its SBOM to take away. */
export function Detail({ result: { metadata, sbomId, source, stage } }: ResultView) {
  const { labels, ...facts } = "labels" in metadata ? metadata : { ...metadata, labels: undefined };
  const sbom = addressOf("/secure/vulnerability/v1beta1/sboms", { bomIdentifier: sbomId });
  return (
    <>
      <p>
        <Anchor href={sbom} download={`${sbomId}.cdx.json`}>
          Download the SBOM (CycloneDX 1.5)
        </Anchor>
      </p>
      <Pairs rows={[["stage", stage], ...Object.entries(facts), ...Object.entries(source ?? {})]} />
      {labels !== undefined && Object.keys(labels).length > 0 && (
        <>
          <h2>Labels</h2>
          <Pairs rows={Object.entries(labels)} />
        </>
      )}
    </>
  );
}

function Pairs({ rows }: { readonly rows: readonly (readonly [string, unknown])[] }) {
  return (
    <dl className={styles.pairs}>
      {rows.flatMap(([name, value]) => [
        <dt key={`${name} name`}>{plain(name)}</dt>,
        <dd key={name}>{plain(typeof value === "object" ? JSON.stringify(value) : String(value ?? "unknown"))}</dd>,
      ])}
    </dl>
  );
}
