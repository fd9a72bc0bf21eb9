import { largestUpload, platformError } from "@plimsoll/platform";
import type { FastifyReply, FastifyRequest } from "fastify";
import { errorCodes } from "fastify";

/** Memory for bodies of bytes that are on their way in or being kept. */
export interface UploadRoom {
  /** Before a body is read. Throws OVERLOADED where no room is left. */
  enter(request: FastifyRequest, reply: FastifyReply): void;
  /** The body of one that entered. Throws OVERLOADED, FST_ERR_CTP_BODY_TOO_LARGE, FST_ERR_CTP_INVALID_CONTENT_LENGTH. */
  read(request: FastifyRequest, payload: AsyncIterable<Buffer>): Promise<Buffer>;
}

/** Seconds after which who was sent away may come again. */
const comeAgainSeconds = 2;

/** Room for `most` bytes at once: whoever sends slowly takes no more of it than has come. There is always room for one. */
export function uploadRoom(most: number): UploadRoom {
  const held = new Map<FastifyRequest, number>();
  let taken = 0;
  const take = (request: FastifyRequest, bytes: number): void => {
    const own = (held.get(request) ?? 0) + bytes;
    if (own > largestUpload) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
    if (taken + bytes > most && taken + bytes > own) throw overloaded();
    held.set(request, own);
    taken += bytes;
  };
  return {
    enter: (request, reply) => {
      if (Number(request.headers["content-length"] ?? 0) > largestUpload) {
        throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
      }
      if (taken >= most) throw overloaded();
      held.set(request, 0);
      reply.raw.once("close", () => {
        taken -= held.get(request) ?? 0;
        held.delete(request);
      });
    },
    read: async (request, payload) => {
      const chunks: Buffer[] = [];
      for await (const chunk of unbroken(payload)) {
        if (held.has(request)) take(request, chunk.length);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
  };
}

/** A client that goes away in the middle has sent less than it said; it is no fault of ours. */
async function* unbroken(payload: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* payload;
  } catch {
    throw new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH();
  }
}

function overloaded() {
  return platformError("OVERLOADED", { fields: { seconds: comeAgainSeconds } });
}
