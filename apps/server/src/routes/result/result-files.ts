import { Readable } from "node:stream";
import { liveFileQuery, pipelineFileQuery } from "@plimsoll/contract";
import { csvLine } from "@plimsoll/formats";
import {
  type Listed,
  type LiveRow,
  listPipelineResults,
  listRegistryResults,
  listRuntimeResults,
  type PipelineRow,
} from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";
import { type WholeAnswer, wholeAnswer } from "../../whole-answer.ts";
import { fiveSeverities, imageIdText, policyWord } from "./result-rows.ts";

const csvType = "text/csv; charset=utf-8; header=present";
const common = {
  method: "GET",
  permission: "results.read",
  gives: [csvType],
  description: "Exactly the rows of the list with the same filter, in the same order, however many there are.",
} as const;
const answer = z.string().describe("RFC 4180; texts that a spreadsheet would take for formulas begin with '");

export const pipelineResultsFile = route({
  ...common,
  path: "/secure/vulnerability/v1/pipeline-results/csv",
  summary: "Results of pipelines as CSV",
  schemas: { query: pipelineFileQuery, answer },
  handle: async (services, { query, actor }) =>
    csvAnswer("pipeline-results", pipelineColumns, (page) =>
      listPipelineResults(services, actor, { ...query, ...page }),
    ),
});

export const registryResultsFile = route({
  ...common,
  path: "/secure/vulnerability/v1/registry-results/csv",
  summary: "Images of registries as CSV",
  schemas: { query: liveFileQuery, answer },
  handle: async (services, { query, actor }) =>
    csvAnswer("registry-results", registryColumns, (page) =>
      listRegistryResults(services, actor, { ...query, ...page }),
    ),
});

export const runtimeResultsFile = route({
  ...common,
  path: "/secure/vulnerability/v1/runtime-results/csv",
  summary: "Workloads and hosts as CSV",
  schemas: { query: liveFileQuery, answer },
  handle: async (services, { query, actor }) =>
    csvAnswer("runtime-results", runtimeColumns, (page) => listRuntimeResults(services, actor, { ...query, ...page })),
});

/** Title, and the field's text. */
type CsvColumn<Row> = readonly [title: string, text: (row: Row) => string];

/** What is known of a row; all empty where nobody has looked yet, which is not the same as nothing. */
function countColumns<Row extends PipelineRow | LiveRow>(): readonly CsvColumn<Row>[] {
  const columns: readonly CsvColumn<Row>[] = [
    ...(["critical", "high", "medium", "low", "negligible"] as const).map(
      (severity): CsvColumn<Row> => [
        `${severity.charAt(0).toUpperCase()}${severity.slice(1)}`,
        ({ totals }) => String(fiveSeverities(totals)[severity]),
      ],
    ),
    ["With exploit", ({ exploitable }) => String(exploitable)],
    ["With fix", ({ fixable }) => String(fixable)],
    ["Policies", ({ policy }) => policyWord(policy)],
    ["Scanned", ({ createdAt }) => createdAt.toISOString()],
    ["Image ID", ({ imageId }) => imageIdText(imageId)],
    ["Result ID", ({ resultId }) => resultId],
  ];
  return columns.map(([title, text]) => [title, (row) => (row.resultId === "" ? "" : text(row))]);
}

const labelColumn = (title: string, label: string): CsvColumn<LiveRow> => [title, ({ scope }) => scope[label] ?? ""];

const pipelineColumns: readonly CsvColumn<PipelineRow>[] = [
  ["Image", ({ name }) => name],
  ...countColumns<PipelineRow>(),
];
const registryColumns: readonly CsvColumn<LiveRow>[] = [
  ["Image", ({ name }) => name],
  labelColumn("Registry", "registry.name"),
  labelColumn("Repository", "repository.name"),
  labelColumn("Vendor", "registry.vendor"),
  ...countColumns<LiveRow>(),
];
const runtimeColumns: readonly CsvColumn<LiveRow>[] = [
  ["Name", ({ name }) => name],
  ["Type", ({ kind }) => kind],
  labelColumn("Cluster", "kubernetes.cluster.name"),
  labelColumn("Namespace", "kubernetes.namespace.name"),
  labelColumn("Workload", "kubernetes.workload.name"),
  labelColumn("Container", "kubernetes.pod.container.name"),
  labelColumn("Host", "host.hostName"),
  ...countColumns<LiveRow>(),
];

type ReadPage<Row> = (page: { readonly limit: number; readonly cursor?: string }) => Promise<Listed<Row>>;

const rowsAtOnce = 1000;

/** The first page is read before the answer begins, so that a filter that is none is told as such. */
async function csvAnswer<Row>(
  name: string,
  columns: readonly CsvColumn<Row>[],
  read: ReadPage<Row>,
): Promise<WholeAnswer> {
  const first = await read({ limit: rowsAtOnce });
  const headers = {
    "content-type": csvType,
    "content-disposition": `attachment; filename="${name}.csv"`,
    "x-content-type-options": "nosniff",
  };
  return wholeAnswer({ headers, body: Readable.from(pieces(columns, first, read), { objectMode: false }) });
}

/** A page at a time: the next is read when the last was taken. */
async function* pieces<Row>(
  columns: readonly CsvColumn<Row>[],
  first: Listed<Row>,
  read: ReadPage<Row>,
): AsyncGenerator<string> {
  yield csvLine(columns.map(([title]) => title));
  for (let page = first; ; ) {
    if (page.rows.length > 0) yield page.rows.map((row) => csvLine(columns.map(([, text]) => text(row)))).join("");
    if (page.next === null) return;
    page = await read({ limit: rowsAtOnce, cursor: page.next });
  }
}
