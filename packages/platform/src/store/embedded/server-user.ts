import { statSync } from "node:fs";
import { dirname } from "node:path";

/** User and group that own a cluster and run its server; `null`: those of this process. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

/**
 * PostgreSQL refuses to run as root: root starts it as this user, whom no other program uses and who needs no entry in
 * /etc/passwd.
 */
const serverId = 53_971;

export function serverUser(): ServerUser {
  return process.getuid?.() === 0 ? { uid: serverId, gid: serverId } : null;
}

/** The folder on the way down to `path`, itself included, that the server's user may not enter; `null` when there is none. */
export function closedFolder(path: string): string | null {
  if (serverUser() === null) return null;
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return folder;
    if (folder === dirname(folder)) return null;
  }
}
