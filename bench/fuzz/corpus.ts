import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anyOf, type Chance } from "./chance.ts";

/** The inputs of one target, kept as files so that a campaign can be broken off and taken up again. */
export class Corpus {
  readonly #folder: string;
  readonly #inputs: Buffer[] = [];
  readonly #names = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder).sort()) {
      this.#names.add(name.slice(0, 16));
      this.#inputs.push(readFileSync(join(folder, name)));
    }
  }

  get inputs(): readonly Buffer[] {
    return this.#inputs;
  }

  /** Keeps an input that is not known yet. */
  add(input: Buffer): void {
    const name = createHash("sha256").update(input).digest("hex").slice(0, 16);
    if (this.#names.has(name)) return;
    this.#names.add(name);
    const copy = Buffer.from(input);
    this.#inputs.push(copy);
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, name), copy);
  }

  /** Half of the time one of the newest, and rather a short one. */
  pick(chance: Chance): Buffer {
    const list = chance.once(2) ? this.#inputs.slice(-30) : this.#inputs;
    const [a, b] = [anyOf(list, chance), anyOf(list, chance)];
    if (a === undefined || b === undefined) return Buffer.alloc(0);
    return chance.once(2) && b.length < a.length ? b : a;
  }
}
