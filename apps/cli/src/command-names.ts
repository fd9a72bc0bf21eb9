/** The first words that are commands and not images. */
export const commandNames: readonly string[] = [
  "scan",
  "sbom",
  "diff",
  "explain",
  "attachments",
  "db",
  "up",
  "server",
  "backup",
  "restore",
  "help",
];
