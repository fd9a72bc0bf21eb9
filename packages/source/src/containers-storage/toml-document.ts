import { smallFile } from "../archive/small-file.ts";
import { type JsonObject, objectOf } from "../image/json.ts";

const longest = 1024 * 1024;

/** A TOML file; `null` when there is none, or none that can be read: its owner's tools then tell what is wrong with it. */
export async function tomlDocument(path: string): Promise<JsonObject | null> {
  const bytes = await smallFile(path, longest).catch(() => null);
  if (bytes === null) return null;
  const { parse } = await import("smol-toml");
  try {
    return objectOf(parse(bytes.toString("utf8")));
  } catch {
    return null;
  }
}
