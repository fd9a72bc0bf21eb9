import { messageOf } from "@plimsoll/kit";
import { SaxesParser } from "saxes";
import { Fault } from "../records/read-each.ts";

/** A small piece of an XML document; names without prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Character data of the element itself, trimmed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Nesting beyond this is an attack, not a feed. */
const deepest = 100;
/** Longest single element kept, characters; descriptions of kernel notices have 100,000. */
const longestElement = 8 * 2 ** 20;

interface Open extends XmlElement {
  text: string;
  readonly children: XmlElement[];
}

/**
 * The outermost elements of the wanted names, as the document comes: memory is that of the largest one. Reading ends
 * behind an element named `until`. A document that is not well-formed, nested too deep or cut ends in a Fault. DTDs are
 * not followed, so that no entity can grow or fetch anything.
 */
export async function* xmlElements(
  chunks: AsyncIterable<Uint8Array>,
  { wanted, until }: { readonly wanted: ReadonlySet<string>; readonly until?: string },
): AsyncGenerator<XmlElement | Fault> {
  const reader = new ElementReader(wanted, until);
  const decoder = new TextDecoder();
  try {
    for await (const chunk of chunks) {
      reader.write(decoder.decode(chunk, { stream: true }));
      yield* reader.take();
      if (reader.done) return;
    }
    reader.close();
  } catch (cause) {
    yield* reader.take();
    yield new Fault(`not XML to its end: ${messageOf(cause)}`);
    return;
  }
  yield* reader.take();
}

class ElementReader {
  done = false;
  readonly #parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  readonly #open: Open[] = [];
  #found: XmlElement[] = [];
  #depth = 0;
  #size = 0;

  constructor(wanted: ReadonlySet<string>, until: string | undefined) {
    this.#parser.on("error", (error) => {
      if (!this.done) throw error;
    });
    this.#parser.on("opentag", ({ name, attributes }) => {
      if (this.done) return;
      if (++this.#depth > deepest) throw new Error(`nested deeper than ${deepest}`);
      const local = localName(name);
      if (this.#open.length > 0 || wanted.has(local)) {
        this.#open.push({ name: local, attributes: { ...attributes }, text: "", children: [] });
      }
    });
    this.#parser.on("text", (text) => {
      const inner = this.#open.at(-1);
      if (inner === undefined) return;
      this.#size += text.length;
      if (this.#size > longestElement) throw new Error("an element is too long");
      inner.text += text;
    });
    this.#parser.on("closetag", ({ name }) => {
      this.#depth--;
      if (localName(name) === until) this.done = true;
      this.#close();
    });
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  close(): void {
    this.#parser.close();
  }

  take(): XmlElement[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #close(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    element.text = element.text.trim();
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      parent.children.push(element);
      return;
    }
    this.#size = 0;
    this.#found.push(element);
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** All descendants of a name, in document order. */
export function* descendants(element: XmlElement, name: string): Generator<XmlElement> {
  for (const child of element.children) {
    if (child.name === name) yield child;
    yield* descendants(child, name);
  }
}

/** Text of the first descendant of a name; "" when there is none. */
export function textIn(element: XmlElement, name: string): string {
  return descendants(element, name).next().value?.text ?? "";
}
