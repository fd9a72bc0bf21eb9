import type { ReportFormat } from "../format.ts";
import { htmlText } from "../markup.ts";
import { indexReport } from "../report-index.ts";
import { verdictWords } from "../report-words.ts";
import { pullStringOf } from "../wire-values.ts";
import { findingsTable, layersTable, packagesTable } from "./findings.ts";
import { fixes, footer, header, policies, problems, severityTable } from "./sections.ts";
import { styleSheet } from "./style-sheet.ts";

/** A page in one file: no scripts, nothing loaded, for eyes and screen readers, on paper, light and dark. The policy in its head lets nothing but its own style run. */
export const html = {
  name: "html",
  mediaType: "text/html; charset=utf-8",
  extension: "html",
  write: (report, options) => {
    const index = indexReport(report);
    const name = htmlText(pullStringOf(report, options), 300);
    return `${[
      "<!doctype html>",
      '<html lang="en">',
      "<head>",
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light dark">',
      '<meta name="referrer" content="no-referrer">',
      `<title>${verdictWords(report).text}: ${name}</title>`,
      `<style>${styleSheet}</style>`,
      "</head>",
      "<body>",
      '<a class="skip" href="#main">Skip to the findings</a>',
      ...header(index, name),
      '<main id="main">',
      ...problems(index),
      ...severityTable(index),
      ...policies(index),
      ...fixes(index),
      ...packagesTable(index),
      ...findingsTable(index),
      ...layersTable(index),
      "</main>",
      ...footer(report, options),
      "</body>",
      "</html>",
    ].join("\n")}\n`;
  },
} satisfies ReportFormat;
