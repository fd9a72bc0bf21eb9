import { messageOf } from "@plimsoll/kit";
import { Fault } from "./read-each.ts";

/** Longest YAML document read, characters; the largest real one has 60,000. */
const longestDocument = 2 ** 20;

/** A YAML document as plain values, all scalars texts; a Fault when it cannot be read. `shorten` sees texts of bearable length only. */
export async function yamlDocument(text: string, shorten = (whole: string) => whole): Promise<unknown> {
  if (text.length > longestDocument) return new Fault(`document of ${text.length} characters is too long`);
  // Loaded here because it takes 10 ms, which a scan that reads no feeds need not pay.
  const { parse } = await import("./yaml-parser.ts");
  try {
    return parse(shorten(text), { schema: "failsafe", maxAliasCount: 0, logLevel: "silent" });
  } catch (cause) {
    return new Fault(`not YAML: ${messageOf(cause)}`);
  }
}
