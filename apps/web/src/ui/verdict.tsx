import styles from "./verdict.module.css";

export type VerdictWord = "passed" | "failed" | "accepted" | "noPolicy" | "notApplicable";

const looks = {
  passed: { sign: "✓", text: "passed", colour: "var(--ok)" },
  failed: { sign: "✕", text: "failed", colour: "var(--fail)" },
  accepted: { sign: "◆", text: "accepted", colour: "var(--accepted)" },
  noPolicy: { sign: "–", text: "no policy", colour: "var(--unknown)" },
  notApplicable: { sign: "–", text: "not applicable", colour: "var(--unknown)" },
} as const satisfies Readonly<Record<VerdictWord, { sign: string; text: string; colour: string }>>;

/** What the policies say. `complete` false: passed, but a clean answer could be false; never shown green. */
export function Verdict({ word, complete = true }: { readonly word: VerdictWord; readonly complete?: boolean }) {
  const isUnsure = word === "passed" && !complete;
  const { sign, text, colour } = looks[word];
  return (
    <span
      className={`${styles.verdict} ${isUnsure || colour === "var(--unknown)" ? styles.unknown : ""}`}
      style={{ "--colour": isUnsure ? "var(--unknown)" : colour } as React.CSSProperties}
    >
      <span aria-hidden="true">{isUnsure ? "?" : sign}</span>
      {isUnsure ? "passed, incomplete" : text}
    </span>
  );
}
