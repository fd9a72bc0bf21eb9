import { createHash, sign } from "node:crypto";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { readSigningKey } from "@plimsoll/vulndb";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { expectRefused, type Port, portIn, writeKeys } from "./port.ts";

/** Before each test of the file that calls this: a site with the revision of day 1, and a repository that offers day 2. */
export function besiege(): Siege {
  const template = portIn();
  const siege = new Siege(template);
  beforeAll(async () => {
    writeKeys(template);
    await template.publish(1);
    expect((await template.take(1)).code).toBe(0);
    await template.publish(2);
  });
  afterAll(() => template.close());
  beforeEach(() => {
    siege.port = portIn();
    cpSync(template.folder, siege.port.folder, { recursive: true });
    siege.old = readFileSync(siege.port.database);
  });
  afterEach(() => siege.port.close());
  return siege;
}

/** A port, and what an attacker can do to its repository. */
export class Siege {
  port: Port;
  /** The site's database as it was. */
  old: Buffer = Buffer.alloc(0);

  constructor(port: Port) {
    this.port = port;
  }

  envelope(): string {
    return join(this.port.repository, "plimsoll-vulndb.json");
  }

  full(day: number): string {
    return join(this.port.repository, `${this.port.revision(day)}.sqlite.zst`);
  }

  delta(): string {
    return join(this.port.repository, `${this.port.revision(1)}-${this.port.revision(2)}.delta.zst`);
  }

  /** The site as it was: database, and nothing beside it but the note. */
  expectUntouched(): void {
    expect(readFileSync(this.port.database).equals(this.old)).toBe(true);
    expect(readdirSync(this.port.site).sort()).toEqual(["vulndb.sqlite", "vulndb.sqlite.origin.json"]);
  }

  /** An import that has to end so, and to change nothing. */
  async refused(code: string, from: string = this.port.repository): Promise<void> {
    expectRefused(await this.port.take(2, from), code);
    this.expectUntouched();
  }

  /** Changes the manifest and signs it again with a key of the port: what a bug, or a thief, could publish. */
  resigned(change: (manifest: string) => string, key = "harbour.key"): void {
    const path = this.envelope();
    const { payloadType } = JSON.parse(readFileSync(path, "utf8")) as { payloadType: string };
    const changed = Buffer.from(change(payloadOf(path)));
    const head = `DSSEv1 ${payloadType.length} ${payloadType} ${changed.length} `;
    const { id, secret } = readSigningKey(this.port.key(key));
    const sig = sign(null, Buffer.concat([Buffer.from(head), changed]), secret).toString("base64");
    const payload = changed.toString("base64");
    writeFileSync(path, JSON.stringify({ payloadType, payload, signatures: [{ keyid: id, sig }] }));
  }
}

/** The manifest in an envelope. */
export function payloadOf(path: string): string {
  const { payload } = JSON.parse(readFileSync(path, "utf8")) as { payload: string };
  return Buffer.from(payload, "base64").toString();
}

export function shaOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A server that answers as told. */
export async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
