/** `npm run gen:docs`: writes the generated pages of docs/. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPages } from "./docs.ts";

const root = join(import.meta.dirname, "..");
for (const [path, text] of await generatedPages(root)) writeFileSync(join(root, path), text);
