import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AnySchema, ValidateFunction } from "ajv";

// The validators are loaded when a test asks for one: most that import the testkit do not.

const ownSchemas = join(import.meta.dirname, "testdata");
/** Where `@cyclonedx/cyclonedx-library` keeps the published CycloneDX schemas. */
function cyclonedxSchemas(): string {
  return join(
    dirname(fileURLToPath(import.meta.resolve("@cyclonedx/cyclonedx-library/package.json"))),
    "res",
    "schema",
  );
}

/** What a document breaks of its schema; empty when it is valid. */
export type Check = (text: string) => string[];

/** Checks a SARIF 2.1.0 log. */
export async function sarifCheck(): Promise<Check> {
  const [{ default: AjvDraft04 }, { default: addFormats }] = await Promise.all([
    import("ajv-draft-04"),
    import("ajv-formats"),
  ]);
  const ajv = new AjvDraft04.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return jsonCheck(ajv.compile(schemaIn(ownSchemas, "sarif-schema-2.1.0.json")));
}

/** Checks an SPDX 2.3 JSON document. */
export async function spdxCheck(): Promise<Check> {
  const [{ Ajv }, { default: addFormats }] = await Promise.all([import("ajv"), import("ajv-formats")]);
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return jsonCheck(ajv.compile(schemaIn(ownSchemas, "spdx-schema-2.3.json")));
}

/** Checks a CycloneDX JSON document of that version. */
export async function cyclonedxJsonCheck(version: string): Promise<Check> {
  const [{ Ajv }, { default: addFormats }] = await Promise.all([import("ajv"), import("ajv-formats")]);
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  // ajv-formats knows these only in their ASCII forms.
  ajv.addFormat("iri-reference", (text: string) => !/[\s<>"{}|\\^`]/.test(text));
  ajv.addFormat("idn-email", (text: string) => /^[^@\s]+@[^@\s]+$/.test(text));
  for (const name of ["spdx", "jsf-0.82", "cryptography-defs"]) {
    const file = `${name}.SNAPSHOT.schema.json`;
    ajv.addSchema(schemaIn(cyclonedxSchemas(), file), `http://cyclonedx.org/schema/${file}`);
  }
  return jsonCheck(ajv.compile(schemaIn(cyclonedxSchemas(), `bom-${version}.SNAPSHOT.schema.json`)));
}

/** Checks CycloneDX XML documents of that version. */
export function cyclonedxXmlCheck(version: string): (text: string) => Promise<string[]> {
  const schema = join(cyclonedxSchemas(), `bom-${version}.SNAPSHOT.xsd`);
  return xmlCheck(schema, [join(cyclonedxSchemas(), "spdx.SNAPSHOT.xsd")]);
}

/** Checks an OpenAPI 3.1 document: its own shape, and that each schema in it is one (JSON Schema 2020-12). */
export async function openapiCheck(): Promise<Check> {
  const [{ Ajv2020 }, { default: addFormats }] = await Promise.all([import("ajv/dist/2020.js"), import("ajv-formats")]);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat("media-range", /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(\s*;.*)?$/);
  // Ajv takes a dynamic reference's innermost anchor for the outermost: schemas are checked by their own meta-schema.
  const text = JSON.stringify(schemaIn(ownSchemas, "openapi-schema-3.1.json"))
    .replaceAll('"$dynamicAnchor":"meta",', "")
    .replaceAll('"$dynamicRef":"#meta"', '"$ref":"https://json-schema.org/draft/2020-12/schema"');
  return jsonCheck(ajv.compile(JSON.parse(text)));
}

/** Checks JUnit XML documents. */
export function junitCheck(): (text: string) => Promise<string[]> {
  return xmlCheck(join(ownSchemas, "junit.xsd"), []);
}

function xmlCheck(schemaPath: string, preload: readonly string[]): (text: string) => Promise<string[]> {
  const file = (path: string) => ({ fileName: basename(path), contents: readFileSync(path, "utf8") });
  return async (text) => {
    const { validateXML } = await import("xmllint-wasm");
    const result = await validateXML({
      xml: [{ fileName: "document.xml", contents: text }],
      schema: [file(schemaPath)],
      preload: preload.map(file),
      initialMemoryPages: 512,
      maxMemoryPages: 4096,
    });
    return result.errors.map(({ message }) => message);
  };
}

function jsonCheck(validate: ValidateFunction): Check {
  return (text) => {
    validate(JSON.parse(text));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

function schemaIn(folder: string, name: string): AnySchema {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as AnySchema;
}
