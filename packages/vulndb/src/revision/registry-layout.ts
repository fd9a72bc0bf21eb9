import type { Artifact } from "@plimsoll/source";
import { vulndbError } from "../errors.ts";
import { parseJson } from "../records/json-text.ts";
import { memberOf, objectsOf } from "../records/json-value.ts";
import { longestEnvelope, type Revision, type RevisionFile } from "./manifest.ts";
import { bodyFrom, envelopeFile, type RevisionSource } from "./revision-source.ts";

/** How a revision lies in a registry: an OCI image manifest with these types (image-spec 1.1, "Guidelines for Artifact Usage"). */
export const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  artifact: "application/vnd.plimsoll.vulndb.v1+json",
  envelope: "application/vnd.dsse.envelope.v1+json",
  database: "application/vnd.plimsoll.vulndb.database.v1+zstd",
  delta: "application/vnd.plimsoll.vulndb.delta.v1+zstd",
  /** For artifacts without configuration; its content is `{}`. */
  empty: "application/vnd.oci.empty.v1+json",
} as const;

const titleName = "org.opencontainers.image.title";

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The manifest that names a revision's files: any tool that pulls artifacts writes them under their names. */
export function artifactManifest(revision: Revision, envelope: { digest: string; size: number }): string {
  const { full, deltas, createdAt } = revision;
  const layers: readonly Descriptor[] = [
    { mediaType: mediaTypes.envelope, ...envelope, annotations: { [titleName]: envelopeFile } },
    descriptorOf(full, mediaTypes.database),
    ...deltas.map((delta) => descriptorOf(delta, mediaTypes.delta)),
  ];
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: mediaTypes.artifact,
    config: { mediaType: mediaTypes.empty, digest: emptyDigest, size: 2 },
    layers,
    annotations: {
      "org.opencontainers.image.created": createdAt,
      "org.opencontainers.image.title": "Plimsoll vulnerability database",
      "org.opencontainers.image.version": revision.revision,
    },
  });
}

/** sha256 of `{}` (image-spec 1.1, "Guidance for an Empty Descriptor"). */
const emptyDigest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

function descriptorOf({ name, sha256, bytes }: RevisionFile, mediaType: string): Descriptor {
  return { mediaType, digest: digestOf({ sha256 }), size: bytes, annotations: { [titleName]: name } };
}

type BlobDigest = Parameters<Artifact["blob"]>[0];

/** The digest under which a registry keeps a file. */
export function digestOf({ sha256 }: Pick<RevisionFile, "sha256">): BlobDigest {
  return `sha256:${sha256}` as BlobDigest;
}

/** An artifact in a registry. What lies in it is found by digest: only the envelope is looked up in the manifest. */
export function artifactSource({ name, manifest, blob }: Artifact): RevisionSource {
  const place = `oci://${name}`;
  return {
    place,
    async envelope() {
      const layers = objectsOf(memberOf(parseJson(Buffer.from(manifest).toString("utf8")), "layers"));
      const layer = layers.find(({ mediaType }) => mediaType === mediaTypes.envelope);
      const digest = /^sha256:([0-9a-f]{64})$/.exec(String(layer?.digest))?.[1];
      if (digest === undefined) {
        throw vulndbError("REPOSITORY_MISSING", { fields: { place, why: "the artifact under that name is another" } });
      }
      return (await blob(digestOf({ sha256: digest }), {})).bytes(longestEnvelope);
    },
    open: (file, from) => bodyFrom((headers) => blob(digestOf(file), headers), from),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
