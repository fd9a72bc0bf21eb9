import { type Distro, type EcosystemId, lookUp } from "@plimsoll/model";

/** A package and the version that clears it. */
export interface Upgrade {
  readonly ecosystem: EcosystemId;
  readonly name: string;
  readonly version: string;
  /** The Go toolchain a binary was built with: only building again helps. */
  readonly isToolchain?: boolean;
}

/** How a fix is carried out: a command to paste, or words where there is none. */
export interface Fix {
  readonly kind: "command" | "text";
  /** The command's fixed part and its arguments, one per package; or one sentence. */
  readonly words: readonly string[];
}

interface Way {
  readonly start: (distro: Distro | null) => string;
  readonly argument: (upgrade: Upgrade) => string;
  /** One command takes many packages; otherwise one command each. */
  readonly many: boolean;
}

const always =
  (start: string): Way["start"] =>
  () =>
    start;

/** Package managers of the rpm family by os-release ID; the rest use dnf. */
const rpmStarts: Readonly<Record<string, string>> = {
  sles: "zypper update -y",
  photon: "tdnf update -y",
  azurelinux: "tdnf update -y",
  mariner: "tdnf update -y",
};

/** One row an ecosystem with a command of its own. */
const ways: Partial<Record<EcosystemId, Way>> = {
  deb: {
    start: always("apt-get update && apt-get install -y --only-upgrade"),
    argument: ({ name, version }) => `${name}=${version}`,
    many: true,
  },
  apk: {
    start: always("apk add --no-cache --upgrade"),
    argument: ({ name, version }) => `'${name}>=${version}'`,
    many: true,
  },
  rpm: {
    start: (distro) => lookUp(rpmStarts, distro?.id ?? "") ?? "dnf upgrade -y",
    argument: ({ name, version }) => `${name}-${version.replace(/^\d+:/, "")}`,
    many: true,
  },
  npm: { start: always("npm install"), argument: ({ name, version }) => `${name}@${version}`, many: true },
  pypi: {
    start: always("pip install --upgrade"),
    argument: ({ name, version }) => `'${name}>=${version}'`,
    many: true,
  },
  gem: { start: always("bundle update"), argument: ({ name }) => name, many: true },
  golang: {
    start: always("go get"),
    argument: ({ name, version }) => `${name}@v${version.replace(/^v/, "")}`,
    many: true,
  },
  cargo: {
    start: always("cargo update"),
    argument: ({ name, version }) => `-p ${name} --precise ${version}`,
    many: false,
  },
  nuget: {
    start: always("dotnet add package"),
    argument: ({ name, version }) => `${name} --version ${version}`,
    many: false,
  },
  composer: { start: always("composer require"), argument: ({ name, version }) => `'${name}:^${version}'`, many: true },
};

/**
 * The commands and sentences that bring packages to the given versions, in the order given. Names come from the image:
 * only those that mean nothing to a shell and are no option are put into a command.
 */
export function fixesFor(upgrades: readonly Upgrade[], distro: Distro | null): Fix[] {
  const byEcosystem = Map.groupBy(upgrades, ({ ecosystem }) => ecosystem);
  return [...byEcosystem.values()].flatMap((group) => {
    const unique = [...new Map(group.map((upgrade) => [`${upgrade.name}\0${upgrade.version}`, upgrade])).values()];
    const byHand = unique.filter((upgrade) => !hasCommand(upgrade));
    return [...commandsFor(unique.filter(hasCommand), distro), ...byHand.map(inWords)];
  });
}

function commandsFor(upgrades: readonly Upgrade[], distro: Distro | null): Fix[] {
  const way = upgrades[0] && ways[upgrades[0].ecosystem];
  if (way === undefined) return [];
  const words = upgrades.map(way.argument);
  const start = way.start(distro);
  if (way.many) return [{ kind: "command", words: [start, ...words] }];
  return words.map((argument) => ({ kind: "command", words: [`${start} ${argument}`] }));
}

function hasCommand({ ecosystem, name, version, isToolchain = false }: Upgrade): boolean {
  const safe = /^[@A-Za-z0-9][A-Za-z0-9@._+:~/-]*$/;
  return ways[ecosystem] !== undefined && !isToolchain && safe.test(name) && safe.test(version);
}

function inWords({ ecosystem, name, version, isToolchain }: Upgrade): Fix {
  if (isToolchain) {
    return { kind: "text", words: [`build again with Go ${version} or later`] };
  }
  if (ecosystem === "maven") {
    return { kind: "text", words: [`set ${name} to ${version} in pom.xml or build.gradle`] };
  }
  return { kind: "text", words: [`bring ${name} to ${version} by hand`] };
}
