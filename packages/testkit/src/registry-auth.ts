import type { IncomingMessage, ServerResponse } from "node:http";

/** Who may read from the test registry. With `bearer` and no user, anybody gets a token. */
export type RegistryAuth =
  | { readonly mode: "anonymous" }
  | { readonly mode: "basic"; readonly user: string; readonly password: string }
  | { readonly mode: "bearer"; readonly user?: string; readonly password?: string };

/** The door of the registry: challenges, token endpoint, token expiry. */
export type RegistryDoor = {
  /** True when the request may pass; otherwise the challenge has been answered. */
  readonly admits: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Answers `GET /token`. */
  readonly issueToken: (request: IncomingMessage, response: ServerResponse) => void;
  /** Makes every token issued so far invalid. */
  readonly expireTokens: () => void;
};

/** The door for one way of authentication; `host` is what tokens and realms name. */
export function registryDoor(auth: RegistryAuth, host: () => string): RegistryDoor {
  const valid = new Set<string>();
  let issued = 0;
  const admitsWith = (request: IncomingMessage): boolean => {
    const given = request.headers.authorization ?? "";
    if (auth.mode === "anonymous") return true;
    if (auth.mode === "basic") return given === basicOf(auth.user, auth.password);
    return given.startsWith("Bearer ") && valid.has(given.slice("Bearer ".length));
  };
  return {
    admits(request, response) {
      if (admitsWith(request)) return true;
      response.setHeader("www-authenticate", challengeOf(auth, host(), repositoryOf(request.url ?? "")));
      refuse(response);
      return false;
    },
    issueToken(request, response) {
      if (!mayHaveToken(auth, request.headers.authorization)) return refuse(response);
      const token = `token-${++issued}`;
      valid.add(token);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ token, access_token: token, expires_in: 300 }));
    },
    expireTokens: () => valid.clear(),
  };
}

function mayHaveToken(auth: RegistryAuth, given: string | undefined): boolean {
  if (auth.mode !== "bearer") return false;
  if (auth.user === undefined) return true;
  return given === basicOf(auth.user, auth.password ?? "");
}

function challengeOf(auth: RegistryAuth, host: string, repository: string): string {
  if (auth.mode === "basic") return 'Basic realm="test registry"';
  return `Bearer realm="http://${host}/token",service="test-registry",scope="repository:${repository}:pull"`;
}

function basicOf(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
}

function repositoryOf(url: string): string {
  return /^\/v2\/(.+?)\/(?:manifests|blobs|tags)\//.exec(url)?.[1] ?? "";
}

function refuse(response: ServerResponse): void {
  response.statusCode = 401;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] }));
}
