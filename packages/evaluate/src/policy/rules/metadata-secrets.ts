import type { ImageInfo } from "@plimsoll/model";
import { always, type ImagePredicate, noParameters } from "../predicate.ts";
import { findNamedSecret, findSecrets } from "../secrets/find-secrets.ts";

/** Looks at the image's metadata only (variables, labels, history, start command), not at its files. Names the place, never the value. */
export const imageConfigSensitiveInformationAndSecrets = {
  type: "imageConfigSensitiveInformationAndSecrets",
  appliesTo: "image",
  parameters: noParameters,
  describe: () => "Forbid sensitive information and secrets in the image metadata",
  check: (image) => {
    const found = secretsOf(image);
    if (found.length === 0) return null;
    const places = found.map(({ kind, where }) => `${kind} in ${where}`).join(", ");
    const remediation = `Replace the credential and keep it out of the build (build secrets, run-time configuration): ${places}.`;
    return { since: always, remediation, arguments: { secrets: found } };
  },
} as const satisfies ImagePredicate;

interface FoundSecret {
  readonly kind: string;
  readonly where: string;
}

function secretsOf({ config, layers }: ImageInfo): FoundSecret[] {
  const env = config.env.flatMap((line) => {
    const name = line.split("=", 1)[0] ?? "";
    return at(`variable ${name}`, findNamedSecret(name, line.slice(name.length + 1)));
  });
  const labels = Object.entries(config.labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => at(`label ${name}`, findNamedSecret(name, value)));
  const history = layers.flatMap(({ index, command }) => at(`history line ${index}`, findSecrets(command)));
  const start = at("start command", findSecrets([...config.entrypoint, ...config.cmd].join(" ")));
  return [...env, ...labels, ...history, ...start];
}

function at(where: string, kinds: readonly string[]): FoundSecret[] {
  return kinds.map((kind) => ({ kind, where }));
}
