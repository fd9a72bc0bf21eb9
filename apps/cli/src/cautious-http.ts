import { type HttpClient, PlimsollError } from "@plimsoll/kit";

/** Hosts that may fail before the network counts as absent. */
const patience = 2;
const noAnswer: ReadonlySet<string> = new Set(["HOST_UNREACHABLE", "PROXY_FAILED", "TIMEOUT", "OFFLINE"]);

/**
 * A client that gives up early: a scan must not wait minutes for feeds where there is no network. As long as nothing
 * answered, nothing is tried twice, and after two hosts without an answer the rest fails at once the same way.
 */
export function cautiousHttp(http: HttpClient): HttpClient {
  let hasAnswered = false;
  const silent = new Map<string, PlimsollError>();
  return {
    request: async (request) => {
      const [first] = silent.values();
      if (!hasAnswered && first !== undefined && silent.size >= patience) throw first;
      try {
        const response = await http.request(hasAnswered ? request : { ...request, retries: 0 });
        hasAnswered = true;
        return response;
      } catch (error) {
        if (error instanceof PlimsollError && noAnswer.has(error.code)) silent.set(hostOf(request.url), error);
        throw error;
      }
    },
    [Symbol.dispose]: () => http[Symbol.dispose](),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
