import type { Route } from "./route.ts";
import { submit } from "./routes/scan/submit.ts";
import { uploadPiece, uploadProgress } from "./routes/scan/uploads.ts";

/** Every endpoint: the only file that knows all of them. */
export const routes: readonly Route[] = [uploadPiece, uploadProgress, submit];
