import { createHash } from "node:crypto";
import { ask, isRecord, type Platform, unexpected } from "./platform-client.ts";

/** Bytes of one request: a broken connection costs no more than these. */
const pieceBytes = 4 * 2 ** 20;
/** Times that an upload is taken up again where the platform says it stopped. */
const resumptions = 5;

/** Sends bytes, piece by piece. Throws what asking throws. Returns their name there: their SHA-256, 64 hex digits. */
export async function upload(platform: Platform, bytes: Uint8Array): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const path = `/uploads/${sha256}`;
  let resumed = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const body = bytes.subarray(offset, offset + pieceBytes);
    const mayResume = resumed < resumptions;
    const answer = await ask(platform, { method: "PUT", path: `${path}?offset=${offset}`, body }, ({ status }) =>
      status === 409 && mayResume ? ("resume" as const) : null,
    );
    if (answer === "resume") {
      resumed += 1;
      offset = receivedOf(await ask(platform, { method: "GET", path }));
    } else {
      const received = receivedOf(answer);
      if (received <= offset) throw unexpected("it received less than was sent");
      offset = received;
    }
  }
  return sha256;
}

function receivedOf(answer: unknown): number {
  if (isRecord(answer) && Number.isSafeInteger(answer.received) && Number(answer.received) >= 0) {
    return Number(answer.received);
  }
  throw unexpected("it does not say how much it received");
}
