/** A request of a client that may meet a dying server. */
export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly body?: object | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  /** 0: the connection broke before there was an answer. */
  readonly status: number;
  readonly text: string;
}

/** Asks once; nobody there is an answer too. */
export async function askOnce(url: string, { method = "GET", path, body, headers }: Asked): Promise<Answered> {
  const isBytes = body instanceof Uint8Array;
  const type = body === undefined ? {} : { "content-type": isBytes ? "application/octet-stream" : "application/json" };
  try {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...type, ...headers },
      ...(body !== undefined && { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return { status: 0, text: "" };
  }
}
