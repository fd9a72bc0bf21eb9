/** The program's version; a test holds it to the package's. */
export const version = "0.1.0";

/** What the reference answers in its mode: its clients start a binary only from 1.23.0 on (contract 2.1, 6.12). */
export const referenceVersion = "1.26.0";
