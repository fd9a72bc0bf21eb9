import { onlyNew } from "../against-baseline.ts";
import type { ReportFormat } from "../format.ts";
import { indexReport } from "../report-index.ts";
import { findingsSection, fixesSection, packagesSection } from "./packages.ts";
import { fitting } from "./rows.ts";
import { headSection, policiesSection, problemsSection, severitiesSection } from "./sections.ts";

/** Longest comment that GitHub takes is 65,536 characters, GitLab's is a million (their documentation, 2026). */
const mostCharacters = 60_000;

/** Markdown for a comment on a change: the verdict, counts, what to do, the worst. The first line marks it, so that a pipeline can replace its own comment. */
export const markdown = {
  name: "markdown",
  mediaType: "text/markdown; charset=utf-8; variant=GFM",
  extension: "md",
  write: (report, options) => {
    const index = indexReport(onlyNew(report));
    return fitting(mostCharacters, [
      headSection(index, options),
      problemsSection(index),
      severitiesSection(index),
      policiesSection(index),
      fixesSection(index),
      packagesSection(index),
      findingsSection(index),
    ]);
  },
} satisfies ReportFormat;
