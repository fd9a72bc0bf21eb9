export { platformError, platformErrors } from "./errors.ts";
export { type Actor, demand } from "./identity/actor.ts";
export * from "./identity/permissions.ts";
export { type ServerKnowledge, serverKnowledge } from "./knowledge/server-knowledge.ts";
export { type ScanAnswer, type Services, type SubmittedScan, submitScan } from "./services/scan/submit-scan.ts";
export { actorOfToken, createToken, type NewToken } from "./store/identity/tokens.ts";
export { recoverCounters } from "./store/knowledge/rematch.ts";
export { openStore, type Store, type StorePlace } from "./store/open-store.ts";
export { addPiece, largestUpload, type UploadKey, uploadedBytes } from "./store/uploads/uploads.ts";
