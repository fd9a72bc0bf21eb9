import { diffConsole } from "./diff-console/diff-format.ts";
import type { DiffFormat } from "./diff-format.ts";
import { diffJson } from "./diff-json/diff-format.ts";
import { diffMarkdown } from "./diff-markdown/diff-format.ts";

/** Every way to write a difference. */
export const diffFormats = [diffConsole, diffMarkdown, diffJson] as const satisfies readonly DiffFormat[];
