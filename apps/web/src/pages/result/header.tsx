import { Link } from "@tanstack/react-router";
import { Copyable } from "../../ui/copyable.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { sizeText } from "../../ui/sizes.ts";
import { Verdict } from "../../ui/verdict.tsx";
import { When } from "../../ui/when.tsx";
import { verdictOf } from "./model.ts";
import styles from "./result.module.css";
import type { ResultView } from "./result-view.ts";

/** Name, verdict, and the facts one looks for first. */
export function Header({ resultId, result }: ResultView) {
  const { metadata, producer, knowledge, isFrozen } = result;
  return (
    <div className={styles.header}>
      <h1>{shortened(nameOf(result), 160)}</h1>
      <Verdict word={verdictOf(result)} complete={result.complete ?? true} />
      <div className={styles.facts}>
        {"imageId" in metadata ? (
          <>
            <Copyable text={metadata.imageId} what="image id" most={24} />
            <span>{plain(metadata.baseOs || metadata.os)}</span>
            <span>{plain(metadata.architecture)}</span>
            <span>{sizeText(metadata.size)}</span>
          </>
        ) : (
          <span>{plain(metadata.os)}</span>
        )}
        <span>
          {isFrozen ? "scanned" : "judged"} <When at={producer.producedAt} />
        </span>
        <span>
          knowledge of <When at={knowledge?.builtAt} />
        </span>
        {isFrozen ? (
          <Link to={`/results/${resultId}/now`}>what is known today</Link>
        ) : (
          <span>shows what is known now</span>
        )}
      </div>
    </div>
  );
}

function nameOf({ metadata }: ResultView["result"]): string {
  return "pullString" in metadata ? metadata.pullString : metadata.hostName;
}
