declare const PLIMSOLL_JUDGES: string | undefined;

/** Names the code of this program that judges packages (scripts/build.ts); `source`: it runs from its sources. */
export const judgesRevision: string = typeof PLIMSOLL_JUDGES === "undefined" ? "source" : PLIMSOLL_JUDGES;
