import type { TestServer } from "./test-server.ts";

export type Headers = { readonly authorization: string };

interface Question {
  /** Headers of who asks. */
  readonly as?: object;
  readonly body?: object;
}

/** Asks a server that is started later, as whom it is told, or as usual, or as nobody: status and JSON of the answer. */
export function asker(at: () => { readonly server: TestServer; readonly usually?: Headers }) {
  return async (method: "GET" | "POST" | "PUT" | "DELETE", url: string, { as, body }: Question = {}) => {
    const { server, usually } = at();
    const question = { method, url, headers: { ...(as ?? usually) }, ...(body && { payload: body }) };
    const answer = await server.app.inject(question);
    return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
  };
}
