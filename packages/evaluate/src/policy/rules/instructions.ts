import type { ImageInfo } from "@plimsoll/model";
import { readInstruction } from "../history/instruction.ts";
import { programOf, type SimpleCommand, shellCommands } from "../history/shell-commands.ts";
import { always, type ImagePredicate, noParameters } from "../predicate.ts";

/** ADD fetches and unpacks by itself; the root file system line of a base image (`ADD file:… in /`) counts too (spec 8.3). */
const discouraged = new Set(["ADD"]);

export const imageConfigInstructionNotRecommended = {
  type: "imageConfigInstructionNotRecommended",
  appliesTo: "image",
  parameters: noParameters,
  describe: () => "Forbid the use of discouraged instructions",
  check: (image) => {
    const found = unique(
      image.layers.map(({ command }) => readInstruction(command).word).filter((word) => discouraged.has(word)),
    );
    if (found.length === 0) return null;
    const remediation = `Replace ${found.join(", ")} in the image's build file (COPY does the same without fetching or unpacking).`;
    return { since: always, remediation, arguments: { instructions: found } };
  },
} as const satisfies ImagePredicate;

const packageManagers = new Set(
  [
    "apk apt apt-get aptitude dpkg yum dnf microdnf tdnf rpm zypper pacman opkg emerge xbps-install snap flatpak brew nix-env",
    "npm yarn pnpm bun corepack pip pipx pipenv poetry uv easy_install conda mamba micromamba",
    "gem bundle bundler composer pecl pear cpan cpanm luarocks nuget",
  ].flatMap((line) => line.split(" ")),
);

/** Stricter than the reference, which passes RUN lines in shell form (spec 20, point 14). */
export const imageConfigInstructionIsPkgManager = {
  type: "imageConfigInstructionIsPkgManager",
  appliesTo: "image",
  parameters: noParameters,
  describe: () => "Forbid the use of package manager instructions (eg. apk, npm, rpm, etc)",
  check: (image) => {
    const found = packageManagersOf(image);
    if (found.length === 0) return null;
    const remediation = `Install packages in an earlier build stage and copy the result; the history runs ${found.join(", ")}.`;
    return { since: always, remediation, arguments: { packageManagers: found } };
  },
} as const satisfies ImagePredicate;

function packageManagersOf({ layers }: ImageInfo): string[] {
  const scripts = layers.map(({ command }) => readInstruction(command)).filter(({ word }) => word === "RUN");
  return unique(scripts.flatMap(({ rest }) => shellCommands(rest).flatMap((command) => managerOf(command) ?? [])));
}

function managerOf(command: SimpleCommand): string | null {
  const program = programOf(command);
  if (/^python[\d.]*$/.test(program) && command[1] === "-m" && command[2] === "pip") return "pip";
  const plain = program.replace(/^pip[\d.]+$/, "pip");
  return packageManagers.has(plain) ? plain : null;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
