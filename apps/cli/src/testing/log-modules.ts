import { writeSync } from "node:fs";
import { registerHooks } from "node:module";

// Preloaded into a child: tells on stderr, at the very end, which modules it loaded.
const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
process.on("exit", () => {
  const list = (process as unknown as { readonly moduleLoadList: readonly string[] }).moduleLoadList;
  writeSync(2, `MODULES ${JSON.stringify([...loaded, ...list])}\n`);
});
