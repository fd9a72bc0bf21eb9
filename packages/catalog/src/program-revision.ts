declare const PLIMSOLL_REVISION: string | undefined;

/** Names the code that reads layers, where the program was built: what another one kept of them is not used. */
export const programRevision: string = typeof PLIMSOLL_REVISION === "undefined" ? "source" : PLIMSOLL_REVISION;
