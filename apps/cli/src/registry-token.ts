import type { HttpClient } from "@plimsoll/kit";
import { parseReference } from "@plimsoll/source";

/** Where references to Docker Hub really lead. */
const hubHost = "registry-1.docker.io";

/**
 * A client that shows a bearer token (`--registry-auth-token`) to the registry of the named image and to nobody else:
 * requests to other hosts, and those that already carry a credential, pass as they are.
 */
export function withRegistryToken(http: HttpClient, source: string, token: string): HttpClient {
  const registry = registryOf(source);
  return {
    request: (request) => {
      const isOurs = registry !== null && URL.canParse(request.url) && new URL(request.url).host === registry;
      const hasCredential = Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === "authorization");
      if (!isOurs || hasCredential || request.socketPath !== undefined) return http.request(request);
      return http.request({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
    },
    [Symbol.dispose]: () => http[Symbol.dispose](),
  };
}

/** `null` for what is no image in a registry. */
function registryOf(source: string): string | null {
  try {
    const { registry } = parseReference(source.replace(/^(pull|registry):(\/\/)?/, ""));
    return registry === "docker.io" ? hubHost : registry;
  } catch {
    return null;
  }
}
