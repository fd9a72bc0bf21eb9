import { messageOf } from "@plimsoll/kit";
import { Fault } from "./read-each.ts";

/** Longest YAML document read, characters; the largest real one has 120,000. */
const longestDocument = 2 ** 18;

/** The reader takes the square of the depth; real documents have five levels. */
const deepest = 100;

/** A YAML document as plain values, all scalars texts; a Fault when it cannot be read. `shorten` sees texts of bearable length only. */
export async function yamlDocument(text: string, shorten = (whole: string) => whole): Promise<unknown> {
  if (text.length > longestDocument) return new Fault(`document of ${text.length} characters is too long`);
  if (isDeep(text)) return new Fault("document nested too deeply");
  // Loaded here because it takes 10 ms, which a scan that reads no feeds need not pay.
  const { parse } = await import("./yaml-parser.ts");
  try {
    return parse(shorten(text), { schema: "failsafe", maxAliasCount: 0, logLevel: "silent" });
  } catch (cause) {
    return new Fault(`not YAML: ${messageOf(cause)}`);
  }
}

/** Whether brackets open without closing, or a line starts list in list or key in key, more often than anything real. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x5b || char === 0x7b) depth += 1;
    else if ((char === 0x5d || char === 0x7d) && depth > 0) depth -= 1;
    if (depth > deepest) return true;
  }
  return /(?:[?:-][ \t]{1,8}){100}/.test(text);
}
