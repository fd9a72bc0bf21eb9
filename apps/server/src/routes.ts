import type { Route } from "./route.ts";
import { fullResult, fullResultBeta } from "./routes/result/full-result.ts";
import { registryResults, runtimeResults } from "./routes/result/live-results.ts";
import { pipelineResults, pipelineResultsBeta } from "./routes/result/pipeline-results.ts";
import { submit } from "./routes/scan/submit.ts";
import { uploadPiece, uploadProgress } from "./routes/scan/uploads.ts";

/** Every endpoint: the only file that knows all of them. */
export const routes: readonly Route[] = [
  uploadPiece,
  uploadProgress,
  submit,
  pipelineResults,
  registryResults,
  runtimeResults,
  fullResult,
  pipelineResultsBeta,
  fullResultBeta,
];
