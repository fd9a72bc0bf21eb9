import { styleText } from "node:util";
import type { Severity } from "@plimsoll/model";

/** What a piece of text is; how it looks is decided in one place. */
export type Tone = Severity | "good" | "bad" | "warn" | "heading" | "quiet" | "strong" | "plain";

/** Colours a text, or leaves it as it is. Sixteen colours only: they follow the reader's own theme. */
export type Paint = (tone: Tone, text: string) => string;

type Style = Parameters<typeof styleText>[0];

const styles: Readonly<Record<Tone, Style | null>> = {
  critical: ["bold", "red"],
  high: "red",
  medium: "yellow",
  low: "cyan",
  negligible: "dim",
  unknown: "magenta",
  good: ["bold", "green"],
  bad: ["bold", "red"],
  warn: ["bold", "yellow"],
  heading: "bold",
  quiet: "dim",
  strong: "bold",
  plain: null,
};

/** A painter; without colours text stays as it is. */
export function paintWith(colors: boolean): Paint {
  return (tone, text) => {
    const style = styles[tone];
    return colors && style !== null && text !== "" ? styleText(style, text, { validateStream: false }) : text;
  };
}
