import type { HttpClient, Limits, Log, TlsMaterial } from "@plimsoll/kit";
import type { StandardInput } from "./archive/open-stdin.ts";
import type { ContainerdSettings } from "./containerd/open-containerd.ts";
import type { StorageSettings } from "./containers-storage/store-roots.ts";
import type { DockerSettings } from "./docker/docker-endpoint.ts";
import type { PlatformWish } from "./image/choose-manifest.ts";
import type { PodmanSettings } from "./podman/open-podman.ts";
import type { HelperEnvironment } from "./registry/credential-helper.ts";
import type { RegistryLogin } from "./registry/credentials.ts";
import type { DocumentStore } from "./registry/document-store.ts";
import type { RegistryFiles } from "./registry/find-image.ts";
import type { HostOptions } from "./tree/open-tree.ts";

/** What opening a source needs from outside; nothing is read from the environment here. */
export interface SourceOptions {
  readonly http: HttpClient;
  /** Credentials for the registry of the named image (REGISTRY_USER, REGISTRY_PASSWORD); they win over docker's configuration. */
  readonly credentials?: RegistryLogin;
  /** Certificates for the registry of the named image, instead of those in `registryFiles`. The same object for every source. */
  readonly registryTls?: TlsMaterial;
  /** docker's config.json (`$DOCKER_CONFIG/config.json` or `~/.docker/config.json`); absent: not looked at. */
  readonly dockerConfigPath?: string;
  /** Environment of credential helpers: PATH and HOME at least. */
  readonly helperEnvironment?: HelperEnvironment;
  /** DOCKER_HOST; absent: docker's context, else the default socket. */
  readonly dockerHost?: string;
  /** What else says where docker's engine is; absent: nothing. */
  readonly docker?: Omit<DockerSettings, "host">;
  /** Engines beside docker; each that is absent is not looked at. */
  readonly engines?: Partial<EngineSettings>;
  /** Absent: there is none. */
  readonly stdin?: StandardInput;
  /** `os/architecture[/variant]`; absent: linux on this machine's architecture. */
  readonly platform?: string;
  /** Lists what is attached to an image in a registry, which takes some requests more. */
  readonly attachments?: boolean;
  /** Reads of a registry's layers only what is wanted where they have a table of contents; the answer is incomplete then, because that cannot be verified. */
  readonly partialReads?: boolean;
  /** Manifests and configurations that were read before; absent: registries are always asked. */
  readonly documents?: DocumentStore;
  /** This machine's files about registries: mirrors, certificates. */
  readonly registryFiles?: RegistryFiles;
  /** http allowed to registries on other machines. */
  readonly insecureHttp?: boolean;
  readonly host?: Omit<HostOptions, "limits" | "name"> & { readonly name?: string };
  readonly limits?: Limits;
  readonly log?: Log;
}

/** Where engines listen and keep their images. */
export interface EngineSettings {
  readonly podman: PodmanSettings;
  readonly containerd: ContainerdSettings;
  /** The image store of this user's podman. */
  readonly podmanStorage: StorageSettings | null;
  /** The image store of the root user, which CRI-O fills. */
  readonly crioStorage: StorageSettings | null;
  /** Folder of crio.conf. */
  readonly crioConfFolder: string | null;
}

/** The same with everything filled in. */
export interface SourceContext {
  readonly http: HttpClient;
  readonly registryCredentials: RegistryLogin | null;
  readonly registryTls: TlsMaterial | null;
  readonly dockerConfigPath: string | null;
  readonly helperEnvironment: HelperEnvironment;
  readonly docker: DockerSettings;
  readonly engines: EngineSettings;
  readonly stdin: StandardInput | null;
  readonly wish: PlatformWish;
  readonly attachments: boolean;
  readonly partialReads: boolean;
  readonly documents: DocumentStore | undefined;
  readonly registryFiles: RegistryFiles;
  readonly insecureHttp: boolean;
  readonly host: HostOptions;
  readonly limits: Limits;
  readonly log: Log;
}
