/** The first words that are commands and not images. */
export const commandNames: readonly string[] = ["scan", "sbom", "explain", "attachments", "db", "help"];
