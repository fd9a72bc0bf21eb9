import { openArchive } from "./archive/open-archive.ts";
import { openDocker } from "./docker/open-docker.ts";
import type { OpenedSource } from "./entry.ts";
import { sourceError } from "./errors.ts";
import { credentialsProvider } from "./registry/credentials-provider.ts";
import { openRegistry } from "./registry/open-registry.ts";
import type { SourceContext } from "./source-options.ts";
import { openDirectory, openHost } from "./tree/open-tree.ts";

/** One way to reach something that can be analysed. */
export interface Transport {
  readonly name: string;
  /** What it is written with in front of a name, longest first; matched as it stands. */
  readonly prefixes: readonly string[];
  readonly open: (name: string, context: SourceContext) => Promise<OpenedSource>;
}

const file: Transport = {
  name: "file",
  prefixes: ["file://"],
  open: (name, context) => openArchive(name, { ...context, kind: "any" }),
};

const dockerArchive: Transport = {
  name: "docker-archive",
  prefixes: ["docker-archive://", "docker-archive:"],
  open: (name, context) => openArchive(name, { ...context, kind: "docker-archive" }),
};

const ociLayout: Transport = {
  name: "oci-layout",
  prefixes: ["oci-archive://", "oci-archive:", "oci-layout://", "oci-layout:", "oci-dir:", "oci:"],
  open: (name, context) => openArchive(name, { ...context, kind: "oci" }),
};

const docker: Transport = {
  name: "docker",
  prefixes: ["docker://", "docker-daemon:"],
  open: (name, context) => openDocker(name, context),
};

const registry: Transport = {
  name: "registry",
  prefixes: ["pull://", "registry://", "registry:"],
  open: (name, context) =>
    openRegistry(name, { ...context, files: context.registryFiles, credentials: credentialsProvider(context) }),
};

const directory: Transport = {
  name: "dir",
  prefixes: ["dir://", "dir:"],
  open: async (name, context) => {
    // Behind an unset variable: nobody means the folder they happen to be in.
    if (name === "") throw sourceError("FILE_NOT_FOUND", { fields: { path: "(nothing stands behind dir:)" } });
    return openDirectory(name, context.limits);
  },
};

const host: Transport = {
  name: "host",
  prefixes: ["host://", "host:"],
  open: async (name, context) =>
    openHost({ ...context.host, ...(name !== "" && { root: name }), limits: context.limits }),
};

/** All ways that exist; a new one is one line here. */
export const transports: readonly Transport[] = [
  file,
  dockerArchive,
  ociLayout,
  docker,
  registry,
  directory,
  host,
  later("podman"),
  later("containerd"),
  later("crio"),
];

/** The ways tried for a name without a prefix (spec 7.3): local first, then the registry. */
export const searchOrder: readonly Transport[] = [file, docker, registry];

function later(name: string): Transport {
  return {
    name,
    prefixes: [`${name}://`],
    open: async () => {
      throw sourceError("TRANSPORT_NOT_YET", { fields: { transport: name } });
    },
  };
}
