/** `node scripts/check-floors.ts`: prints what breaks the floors and exits 1 if anything does. */
import { join } from "node:path";
import { checkFloors } from "./floors.ts";

const { violations, moduleCount } = await checkFloors(join(import.meta.dirname, ".."));
for (const violation of violations) console.error(violation);
// No module at all means that nothing was checked, which must not pass for "nothing is wrong".
console.log(`${moduleCount} modules, ${violations.length} violations`);
process.exitCode = moduleCount > 0 && violations.length === 0 ? 0 : 1;
