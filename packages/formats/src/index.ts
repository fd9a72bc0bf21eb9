export * from "./errors.ts";
export { type ExplanationOptions, explanationText } from "./explanation/explanation-text.ts";
export * from "./format.ts";
export * from "./formats.ts";
export { parseSarifOptions, type SarifOptions } from "./sarif/sarif-options.ts";
export { readSbomText } from "./sbom-in/read-sbom-text.ts";
export { countText, groupDigits, sizeText } from "./sizes.ts";
