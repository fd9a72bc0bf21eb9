import { Anchor } from "@mantine/core";
import { addressOf } from "../../api/client.ts";
import { absolute } from "../../ui/moments.ts";
import { plain } from "../../ui/plain.ts";
import { sizeText } from "../../ui/sizes.ts";
import { ProblemLines } from "./problem-list.tsx";
import styles from "./result.module.css";
import type { ResultView } from "./result-view.ts";

type Pair = readonly [name: string, value: string];

/** Everything that is known of the target itself, its SBOM to take away, and all that could not be read. */
export function Detail({ result }: ResultView) {
  const { sbomId, problems = [] } = result;
  const labels = "labels" in result.metadata ? Object.entries(result.metadata.labels ?? {}) : [];
  const sbom = addressOf("/secure/vulnerability/v1beta1/sboms", { bomIdentifier: sbomId });
  return (
    <>
      <p>
        <Anchor href={sbom} download={`${sbomId}.cdx.json`} underline="always">
          Download the SBOM (CycloneDX 1.5)
        </Anchor>
      </p>
      <Pairs rows={factsOf(result)} />
      {labels.length > 0 && (
        <>
          <h2>Labels</h2>
          <Pairs rows={labels} />
        </>
      )}
      {problems.length > 0 && (
        <>
          <h2>What could not be read or is not known: {problems.length}</h2>
          <ProblemLines problems={problems} />
        </>
      )}
    </>
  );
}

function factsOf({ metadata, source, stage, producer }: ResultView["result"]): Pair[] {
  const from: Pair[] = source === undefined ? [] : [["Read from", `${source.transport}: ${source.name}`]];
  const attached: Pair[] = (source?.attachments ?? []).map(({ kind, digest }) => ["Beside it", `${kind} ${digest}`]);
  const seen: Pair[] = [
    ["Seen by", stage],
    ["Scanned", absolute(Date.parse(producer.producedAt))],
    ...from,
    ...attached,
  ];
  if (!("pullString" in metadata)) {
    const { hostName, hostId, os, architecture = "" } = metadata;
    return [["Host", hostName], ["Id", hostId], ["System", os], ["Architecture", architecture], ...seen];
  }
  return [
    ["Name", metadata.pullString],
    ["Image id", metadata.imageId],
    ["Digest", metadata.digest ?? ""],
    ["System", [metadata.baseOs, metadata.os].filter((word) => word !== "").join(", ")],
    ["Architecture", metadata.architecture],
    ["Size", sizeText(metadata.size)],
    ["Author", metadata.author],
    ["Built", absolute(Date.parse(metadata.createdAt))],
    ...seen,
  ];
}

function Pairs({ rows }: { readonly rows: readonly Pair[] }) {
  return (
    <dl className={styles.pairs}>
      {rows.flatMap(([name, value]) => [
        <dt key={`${name} ${value} name`}>{plain(name)}</dt>,
        <dd key={`${name} ${value}`}>{plain(value) || "unknown"}</dd>,
      ])}
    </dl>
  );
}
