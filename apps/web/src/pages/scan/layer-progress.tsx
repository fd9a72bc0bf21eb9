import { Progress } from "@mantine/core";
import type { Job } from "@plimsoll/contract";
import { plain } from "../../ui/plain.ts";
import { sizeText } from "../../ui/sizes.ts";
import styles from "./scan.module.css";

type Part = NonNullable<NonNullable<Job["progress"]>["parts"]>[number];

const words: Readonly<Record<Part["state"], string>> = {
  waiting: "waits",
  running: "is read",
  done: "read",
  failed: "failed",
};

/** How far it is: in bytes, and layer by layer, the lowest first. */
export function LayerProgress({ job: { progress } }: { readonly job: Job }) {
  const parts = progress?.parts ?? [];
  const size = parts.find(({ name }) => name === "bytes");
  const layers = parts.filter(({ name }) => name !== "bytes");
  const share = shareOf(progress, size);
  return (
    <>
      <p role="status">{stepOf(progress, layers.length)}</p>
      <Progress.Root size="lg">
        <Progress.Section value={share} aria-label="How much was read" />
      </Progress.Root>
      {size?.total !== undefined && size.total !== null && (
        <div className={styles.quiet}>
          {sizeText(size.done ?? 0)} of {sizeText(size.total)}
        </div>
      )}
      {layers.length > 0 && (
        <ol className={styles.layers} aria-label="Layers, the lowest first">
          {layers.map(({ name, state }) => (
            <li key={name} data-state={state}>
              {plain(name)} <span>{words[state]}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** 0 to 100. */
function shareOf(progress: Job["progress"], size: Part | undefined): number {
  const { done, total } = size ?? progress ?? {};
  if (done === undefined || total === undefined || total === null || total === 0) return 0;
  return Math.min(100, (100 * done) / total);
}

function stepOf(progress: Job["progress"], layers: number): string {
  if (progress === null || progress.step === "opening") return "Asking the registry for the image.";
  if (progress.step === "judging") return "All layers are read. Looking up what is known of them.";
  return layers === 0 ? "Reading the image." : `${progress.done} of ${layers} layers read.`;
}
