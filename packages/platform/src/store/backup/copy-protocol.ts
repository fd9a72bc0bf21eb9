import { once } from "node:events";
import { Readable } from "node:stream";
import type { ClientBase, Connection, Submittable } from "pg";

/** What pg calls on a query that is not its own (pg/lib/client.js), and what its types leave out of a connection. */
interface CopyQuery extends Submittable {
  handleCopyInResponse?(connection: CopyConnection): void;
  handleCopyData?(message: { readonly chunk: Buffer }): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
}

/** `copy … to stdout`: its bytes as they come, with the server held back while nobody reads them. */
export function copyOut(client: ClientBase, sql: string): Readable {
  let held: Connection["stream"] | null = null;
  const bytes = new Readable({
    read: () => void held?.resume(),
  });
  const query: CopyQuery = {
    submit: (connection) => {
      held = connection.stream;
      connection.query(sql);
    },
    // The bytes lie in a buffer that pg uses again.
    handleCopyData: ({ chunk }) => {
      if (!bytes.push(Buffer.from(chunk))) held?.pause();
    },
    handleCommandComplete: () => undefined,
    // Nobody reads beyond the end: held back by the last bytes, the connection would stay so.
    handleReadyForQuery: () => {
      held?.resume();
      bytes.push(null);
    },
    handleError: (error) => {
      held?.resume();
      bytes.destroy(error);
    },
  };
  client.query(query);
  return bytes;
}

/** `copy … from stdin` fed with bytes, however they are cut. Returns the number of rows. Throws what the server and the bytes throw. */
export function copyIn(client: ClientBase, sql: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const done = Promise.withResolvers<number>();
  let rows = 0;
  let broken: unknown = null;
  const query: CopyQuery = {
    submit: (connection) => connection.query(sql),
    handleCopyInResponse: (connection) => {
      void feed(connection, bytes).catch((error: unknown) => {
        broken = error;
        connection.sendCopyFail("the bytes broke off");
      });
    },
    handleCommandComplete: ({ text }) => {
      rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0);
    },
    handleReadyForQuery: () => done.resolve(rows),
    handleError: (error) => done.reject(broken ?? error),
  };
  client.query(query);
  return done.promise;
}

async function feed(connection: CopyConnection, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of bytes) {
    connection.sendCopyFromChunk(chunk);
    if (connection.stream.writableNeedDrain) await once(connection.stream, "drain");
  }
  connection.endCopyFrom();
}
