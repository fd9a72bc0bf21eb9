import { packagesInUse } from "../../inventory/packages-in-use.ts";
import { loadedOf } from "../../store/inventory/in-use.ts";
import type { KeptResult } from "../../store/results/result-documents.ts";
import type { Services } from "../services.ts";
import type { Situation } from "./judge-now.ts";

/** Something live as it is judged: a workload by what is in use of it, also where its image was scanned elsewhere. */
export async function liveSituation({ db }: Pick<Services, "db">, kept: KeptResult): Promise<Situation> {
  const { id, assetKind, report } = kept;
  if (assetKind === "pipeline") return { stage: report.stage, isOwn: true, inUse: null };
  if (assetKind === "registry") return { stage: "registry", isOwn: report.stage === "registry", inUse: null };
  const loaded = await loadedOf(db, id);
  const inUse = loaded === null ? null : packagesInUse(report.sbom.packages, loaded);
  return { stage: "runtime", isOwn: report.stage === "runtime" || assetKind === "host", inUse };
}
