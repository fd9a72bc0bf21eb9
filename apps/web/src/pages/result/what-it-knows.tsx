import type { FullResult } from "@plimsoll/contract";
import { absolute } from "../../ui/moments.ts";
import { plain } from "../../ui/plain.ts";
import { When } from "../../ui/when.tsx";
import styles from "./result.module.css";

/** A verdict names what it knew: packages judged, feeds and their dates. */
export function WhatItKnows({ knowledge, validUntil }: Pick<FullResult, "knowledge" | "validUntil">) {
  if (knowledge === undefined) return <p>Nothing tells what this verdict knew.</p>;
  return (
    <dl className={styles.pairs}>
      <dt>Packages judged</dt>
      <dd>
        {knowledge.packagesJudged}
        {knowledge.packagesNotJudged > 0 && `, ${knowledge.packagesNotJudged} could not be`}
      </dd>
      <dt>Rated by nobody</dt>
      <dd>{knowledge.findingsUnrated} findings</dd>
      <dt>Feeds</dt>
      <dd>
        {knowledge.feeds.length === 0
          ? "none"
          : knowledge.feeds.map(({ title, date }) => `${plain(title)} (${date.slice(0, 10)})`).join(", ")}
      </dd>
      <dt>Knowledge of</dt>
      <dd>
        <When at={knowledge.builtAt} />
      </dd>
      <dt>Holds until</dt>
      <dd>{validUntil ? absolute(Date.parse(validUntil)) : "knowledge, policies or packages change"}</dd>
    </dl>
  );
}
