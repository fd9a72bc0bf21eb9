import type { Finding } from "@plimsoll/model";
import type { KeyedLayer, ReportIndex } from "../report-index.ts";

/** What rules, results and locations are made from. */
export interface SarifScene {
  readonly index: ReportIndex;
  /** The findings that are told, worst first. */
  readonly findings: readonly Finding[];
  /** Ids of accepted findings among them. */
  readonly accepted: ReadonlySet<string>;
  /** Whether any of them is accepted. */
  readonly suppresses: boolean;
  /** Layers that hold something told, lowest first. */
  readonly layers: readonly KeyedLayer[];
  /** Name of the source as shown. */
  readonly name: string;
}
