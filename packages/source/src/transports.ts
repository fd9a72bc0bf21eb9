import { type ArchiveKind, openArchive } from "./archive/open-archive.ts";
import { openStdin, stdinSelection } from "./archive/open-stdin.ts";
import { openContainerd } from "./containerd/open-containerd.ts";
import { openCrio } from "./crio/open-crio.ts";
import { openDocker } from "./docker/open-docker.ts";
import type { OpenedSource } from "./entry.ts";
import { sourceError } from "./errors.ts";
import { openPodman } from "./podman/open-podman.ts";
import { credentialsProvider } from "./registry/credentials-provider.ts";
import { type OpenRegistryOptions, openRegistry } from "./registry/open-registry.ts";
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
  open: (name, context) => openSaved(name, "any", context),
};

const dockerArchive: Transport = {
  name: "docker-archive",
  prefixes: ["docker-archive://", "docker-archive:"],
  open: (name, context) => openSaved(name, "docker-archive", context),
};

const ociLayout: Transport = {
  name: "oci-layout",
  prefixes: ["oci-archive://", "oci-archive:", "oci-layout://", "oci-layout:", "oci-dir:", "oci:"],
  open: (name, context) => openSaved(name, "oci", context),
};

const docker: Transport = {
  name: "docker",
  prefixes: ["docker://", "docker-daemon:"],
  open: (name, context) => openDocker(name, context),
};

const podman: Transport = {
  name: "podman",
  prefixes: ["podman://"],
  open: (name, { engines, ...context }) =>
    openPodman(name, { ...context, podman: engines.podman, storage: engines.podmanStorage }),
};

/** How registries are reached with what the user gave. */
export function registryAccessOf(context: SourceContext): OpenRegistryOptions {
  const { registryFiles: files, registryTls: tls } = context;
  return { ...context, files, credentials: credentialsProvider(context), ...(tls !== null && { tls }) };
}

const registry: Transport = {
  name: "registry",
  prefixes: ["pull://", "registry://", "registry:"],
  open: (name, context) => openRegistry(name, registryAccessOf(context)),
};

const containerd: Transport = {
  name: "containerd",
  prefixes: ["containerd://"],
  open: (name, { engines, ...context }) => openContainerd(name, { ...context, containerd: engines.containerd }),
};

const crio: Transport = {
  name: "crio",
  prefixes: ["crio://"],
  open: (name, { engines, ...context }) =>
    openCrio(name, { ...context, storage: engines.crioStorage, confFolder: engines.crioConfFolder }),
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
  podman,
  registry,
  containerd,
  crio,
  directory,
  host,
];

/** The ways tried for a name without a prefix, in the order of spec 7.3; an engine that is not there costs a look at its socket. */
export const searchOrder: readonly Transport[] = [file, docker, podman, registry, containerd, crio];

function openSaved(name: string, kind: ArchiveKind, context: SourceContext): Promise<OpenedSource> {
  const stdin = stdinSelection(name);
  return stdin === null ? openArchive(name, { ...context, kind }) : openStdin(stdin.selection, { ...context, kind });
}
