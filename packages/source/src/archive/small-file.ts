import { PlimsollError } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { openRegularFile } from "./regular-file.ts";

/** A file of at most `limitBytes` bytes; `null` when it does not exist. Throws FILE_UNREADABLE, NOT_A_FILE, FILE_SHRANK. */
export async function smallFile(path: string, limitBytes: number): Promise<Buffer | null> {
  try {
    await using file = await openRegularFile(path);
    if (file.size <= limitBytes) return await file.read(0, file.size);
    throw sourceError("FILE_UNREADABLE", { fields: { path, reason: `it has more than ${limitBytes} bytes` } });
  } catch (error) {
    if (error instanceof PlimsollError && error.code === "FILE_NOT_FOUND") return null;
    throw error;
  }
}
