/** Folder of files that ship with this package: the starter database and what it is made of. The one place the bundler must know. */
export const starterFolder: URL = new URL("../assets/starter/", import.meta.url);
