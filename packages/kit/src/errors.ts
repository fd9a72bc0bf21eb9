import { type ErrorTable, errorMaker } from "./error.ts";

/** What the one HTTP client can say. */
export const kitErrors = {
  OFFLINE: {
    message: "no network is allowed here, but {url} is needed",
    next: "run without --offline-analyzer, or bring the data in as a file",
    exit: 3,
    status: 503,
  },
  HOST_UNREACHABLE: {
    message: "cannot reach {host}: {reason}",
    next: "check the name, the network and the proxy settings (HTTP_PROXY, HTTPS_PROXY, NO_PROXY)",
    exit: 3,
    status: 502,
  },
  PROXY_INVALID: {
    message: "{name} is not the address of an http proxy",
    next: "write it as http://[user:password@]host:port, or leave it empty",
    exit: 2,
    status: 500,
  },
  PROXY_FAILED: {
    message: "the proxy {proxy} does not lead to {host}: {reason}",
    next: "check HTTP_PROXY, HTTPS_PROXY and the credentials in them, or name the host in NO_PROXY",
    exit: 3,
    status: 502,
  },
  TIMEOUT: {
    message: "{host} did not answer within {seconds} s",
    next: "try again, or check the network between here and there",
    exit: 3,
    status: 504,
  },
  TLS_FAILED: {
    message: "the certificate of {host} cannot be trusted: {reason}",
    next: "install its authority (SSL_CERT_FILE=FILE), or use --skiptlsverify if you accept the risk",
    exit: 3,
    status: 502,
  },
  TOO_MANY_REDIRECTS: {
    message: "{host} redirects too often",
    next: "check the address; a login page or a proxy may stand in between",
    exit: 3,
    status: 502,
  },
  UNSAFE_REDIRECT: {
    message: "{host} redirects to an address that is not followed ({reason})",
    next: "use the final address directly if you trust it",
    exit: 3,
    status: 502,
  },
  ADDRESS_REFUSED: {
    message: "{host} is {kind}, which is not asked from here",
    next: "if it is meant, the operator of this server names it in PLIMSOLL_ALLOW_PRIVATE_NETWORKS",
    exit: 3,
    status: 403,
  },
  BAD_DESTINATION_RULE: {
    message: "{rule} is no address, range or host",
    next: "write 10.0.0.0/8, 192.168.1.5, registry.corp:5000 or *.corp",
    exit: 2,
    status: 500,
  },
  BAD_URL: { message: "not an http or https address: {url}", next: "check the address", exit: 2, status: 400 },
  BODY_TOO_LARGE: {
    message: "the answer of {host} is larger than {limit} bytes",
    next: "check the address; if it is right, report this limit as a bug",
    exit: 3,
    status: 502,
  },
  BODY_BROKEN: {
    message: "{host} broke off in the middle of its answer",
    next: "try again; if it persists, look at the server's or the proxy's log",
    exit: 3,
    status: 502,
  },
  TOO_SLOW: {
    message: "{host} sends less than {slowest} bytes a second",
    next: "try again later, or check the network and the proxy between here and there",
    exit: 3,
    status: 504,
  },
  BAD_JSON: {
    message: "{host} answered something that is not JSON",
    next: "check the address; a login page or a proxy may have answered instead",
    exit: 3,
    status: 502,
  },
} as const satisfies ErrorTable;

export const kitError = errorMaker(kitErrors);
