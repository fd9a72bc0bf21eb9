import { apiError, sha256Hex, uploadState } from "@plimsoll/contract";
import { addPiece, uploadedBytes } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";

const params = z.object({ sha256: sha256Hex });
const query = z.object({ offset: z.coerce.number().int().min(0).default(0) });
const path = "/secure/vulnerability/v1/uploads/:sha256";

export const uploadPiece = route({
  method: "PUT",
  path,
  takes: "bytes",
  errors: { 409: apiError.describe("The piece does not begin where the upload ends") },
  permission: "scans.send",
  summary: "Send a piece of an analysis that begins at byte `offset` (409 says how far it came)",
  schemas: { params, query, answer: uploadState },
  handle: async ({ pool, clock }, { params: { sha256 }, query: { offset }, body, actor }) => ({
    received: await addPiece(pool, { sha256, owner: actor.id }, { offset, bytes: body, now: clock() }),
  }),
});

export const uploadProgress = route({
  method: "GET",
  path,
  permission: "scans.send",
  summary: "How many bytes of an upload are here",
  schemas: { params, answer: uploadState },
  handle: async ({ pool }, { params: { sha256 }, actor }) => ({
    received: await uploadedBytes(pool, { sha256, owner: actor.id }),
  }),
});
