import type { Job } from "@plimsoll/contract";
import styles from "./job-state.module.css";

const words: Readonly<Record<Job["state"], string>> = {
  queued: "waits",
  running: "is running",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
  dead: "given up",
};

/** A job's state in a word. */
export function JobState({ job: { state, cancelling, attempts } }: { readonly job: Job }) {
  const word = cancelling && state === "running" ? "is being cancelled" : words[state];
  const again = state === "queued" && attempts > 0 ? `, tried ${attempts} times` : "";
  return (
    <span className={styles.state} data-state={state}>
      {word}
      {again}
    </span>
  );
}
