import { baselineWords } from "../against-baseline.ts";
import { nameText, prose, type Scene } from "./context.ts";

/** Which baseline was applied, what it covers, and what of that is shown. */
export function baselineLines({ index, columns, paint, options }: Scene): string[] {
  const words = baselineWords(index.report);
  if (words.length === 0) return [];
  const shown = options.text.reference ? [] : ["Only those are shown; JSON and SARIF list all."];
  return [
    paint("heading", "Baseline"),
    ...prose(nameText([...words, ...shown].join(" "), 1000), { columns, indent: "  " }),
  ];
}
