import type { ErrorTable } from "@plimsoll/kit";

/** What engines and their image stores can answer. */
export const engineErrors = {
  ENGINE_ABSENT: {
    message: "{engine} is not on this machine: no {looked}",
    next: "start it, say where it is ({setting}), or pull the image from its registry with pull://IMAGE",
    exit: 3,
    status: 502,
  },
  ENGINE_DENIED: {
    message: "this user may not read the {engine} at {host}",
    next: "run as a user who may (root, or the group that owns it), or pull the image from its registry with pull://IMAGE",
    exit: 3,
    status: 403,
  },
  DAEMON_UNREACHABLE: {
    message: "no {engine} answers at {host}: {reason}",
    next: "start it, say where it is ({setting}), or pull the image from its registry with pull://IMAGE",
    exit: 3,
    status: 502,
  },
  DAEMON_FAILED: {
    message: "the {engine} at {host} could not give {image} ({status})",
    next: "look at its log, or pull the image from its registry with pull://IMAGE",
    exit: 3,
    status: 502,
  },
  NO_SUCH_IMAGE: {
    message: "the {engine} at {host} has no image {image}",
    next: "check the name with {list}, or pull it from its registry with pull://IMAGE",
    exit: 3,
    status: 404,
  },
  AMBIGUOUS_NAME: {
    message: "{image} stands for several images of the {engine} at {host}: {found}",
    next: "write the name in full, or more of the id",
    exit: 2,
    status: 400,
  },
  CONTENT_MISSING: {
    message: "{label} is not in the store of the {engine} at {host}",
    next: "it was unpacked and discarded, or never pulled whole: pull it again, or read it from its registry with pull://IMAGE",
    exit: 3,
    status: 422,
  },
  STORE_INVALID: {
    message: "the image store {store} cannot be used: {reason}",
    next: "look whether podman images or crictl images still shows it, or pull the image from its registry with pull://IMAGE",
    exit: 3,
    status: 422,
  },
  STORE_LAYER_UNREADABLE: {
    message: "{label} cannot be put together from the image store {store}: {reason}",
    next: "remove the image there and pull it again, or read it from its registry with pull://IMAGE",
    exit: 3,
    status: 422,
  },
  ENGINE_HOST_UNSUPPORTED: {
    message: "this {setting} is not understood: {host}",
    next: "use unix:///path/to/socket or tcp://host:port",
    exit: 2,
    status: 400,
  },
  ENGINE_HOST_SSH: {
    message: "{setting} goes over ssh, which is not spoken here: {host}",
    next: "forward the socket with ssh -N -L /tmp/engine.sock:{socket} HOST and set {setting}=unix:///tmp/engine.sock, or save the image there and scan the file",
    exit: 2,
    status: 400,
  },
  DOCKER_CONTEXT_INVALID: {
    message: "the docker context {context} cannot be used: {reason}",
    next: "choose another with docker context use, or set DOCKER_HOST",
    exit: 2,
    status: 400,
  },
  DOCKER_TLS_INVALID: {
    message: "the certificates for docker cannot be used: {path}: {reason}",
    next: "put ca.pem, cert.pem and key.pem there (DOCKER_CERT_PATH), or unset DOCKER_TLS_VERIFY",
    exit: 2,
    status: 400,
  },
} as const satisfies ErrorTable;
