import type { CommandEntry } from "./command.ts";

/** `plimsoll --help`. Plain text from the list: nothing is loaded for it. */
export function topHelp(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `Plimsoll says whether a container image is fit to sail.

Usage: plimsoll [command] [options] SOURCE

Commands (scan is meant when none is named):
${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n")}

Sources:
  nginx:1.25              an image: docker, podman, its registry, containerd, CRI-O, the first that has it
  pull://nginx:1.25       the same in its registry alone; also docker:// podman:// containerd:// crio://
  image.tar               a saved image (docker save, OCI layout as folder or tar), also file://image.tar
  -                       a saved image on standard input
  dir:/srv/app            a folder
  host:                   this machine
  sbom:app.json           what plimsoll sbom --output plimsoll-json wrote

Examples:
  plimsoll nginx:1.25
  plimsoll scan --output json=report.json --policy nist-sp-800-190 registry.example/team/app:2.1
  plimsoll sbom image.tar --output cyclonedx-json=bom.json
  plimsoll diff shop/web:1.0 shop/web:1.1
  plimsoll explain CVE-2024-5535 nginx:1.25
  plimsoll db update
  plimsoll up

Exit codes: 0 passed · 1 a policy failed · 2 wrong parameters · 3 could not do it, or passed but incomplete

All options of a command: plimsoll help scan
`;
}
