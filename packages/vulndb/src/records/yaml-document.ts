import { messageOf } from "@plimsoll/kit";
import type { CST, LineCounter, YAMLParseError } from "yaml";
import { Fault } from "./read-each.ts";

/** Longest YAML document read, characters; the largest real one has 120,000. */
const longestDocument = 2 ** 18;

/** Composing values takes the square of the depth; real documents have five levels. */
const deepest = 100;

/** Keys of one map: each is compared with those before it. Real maps have some dozens. */
const mostKeys = 10_000;

/** A YAML document as plain values, all scalars texts; a Fault when it cannot be read. `shorten` sees texts of bearable length only. */
export async function yamlDocument(text: string, shorten = (whole: string) => whole): Promise<unknown> {
  if (text.length > longestDocument) return new Fault(`document of ${text.length} characters is too long`);
  // Loaded here because it takes 10 ms, which a scan that reads no feeds need not pay.
  const { Composer, LineCounter, Parser } = await import("./yaml-parser.ts");
  const lines = new LineCounter();
  try {
    const tokens = [...new Parser(lines.addNewLine).parse(shorten(text))];
    if (isBeyondMeasure(tokens)) return new Fault("document nested too deeply or too wide");
    const composer = new Composer({ schema: "failsafe", logLevel: "silent" });
    const documents = [...composer.compose(tokens, true)];
    const [error] = documents.flatMap(({ errors }) => errors);
    if (error !== undefined) return new Fault(`not YAML: ${placed(error, lines)}`);
    if (documents.length > 1) return new Fault("not YAML: several documents in one");
    return documents[0]?.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    return new Fault(`not YAML: ${messageOf(cause)}`);
  }
}

/** Whether lists and maps stand in one another, or hold keys, beyond measure: asked before anything is made of them. */
function isBeyondMeasure(tokens: readonly CST.Token[]): boolean {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const inner = innerOf(next.token);
    const depth = next.depth + 1;
    if (depth > deepest || (next.token.type !== "block-seq" && inner.length > 2 * mostKeys)) return true;
    for (const token of inner) if (token) open.push({ token, depth });
  }
  return false;
}

/** Values, and keys, which may be such things too. */
function innerOf(token: CST.Token): readonly (CST.Token | null | undefined)[] {
  if (token.type === "document") return [token.value];
  return "items" in token ? token.items.flatMap(({ key, value }) => [key, value]) : [];
}

function placed({ message, pos: [at] }: YAMLParseError, lines: LineCounter): string {
  const { line, col } = lines.linePos(at);
  return `${message} at line ${line}, column ${col}`;
}
