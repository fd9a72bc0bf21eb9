import { colourOf, letterOf, type Severity } from "./severity.ts";

/** A severity by letter and word; `unrated`: nobody rates it, and rules judge it as medium. */
export function SeverityWord({
  of,
  unrated = false,
}: {
  readonly of: Severity;
  readonly unrated?: boolean | undefined;
}) {
  if (unrated) return <span style={{ color: "var(--unknown)" }}>? unrated</span>;
  return (
    <span style={{ color: colourOf(of), whiteSpace: "nowrap" }}>
      <strong aria-hidden="true">{letterOf[of]}</strong> {of}
    </span>
  );
}
