import { PlimsollError } from "@plimsoll/kit";
import { readStatus } from "../status.ts";
import { openDatabase } from "../store/open-database.ts";

/** The revision that the database file itself tells; `null` for no file, or none that this program reads. */
export function installedRevision(path: string): string | null {
  try {
    using db = openDatabase(path);
    return readStatus(db, path).revision;
  } catch (thrown) {
    if (thrown instanceof PlimsollError || (thrown instanceof Error && "errcode" in thrown)) return null;
    throw thrown;
  }
}
