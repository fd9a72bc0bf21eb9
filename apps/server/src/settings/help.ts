import type { Setting } from "./setting.ts";
import { settings } from "./settings-table.ts";

/** Every setting for people at a terminal. */
export function settingsHelp(): string {
  return rows()
    .map((row) => {
      const flag = row.flag === null ? "" : `, --${row.flag}`;
      return `  ${row.variable}${flag} ${row.value}\n      ${row.help} (${usualOf(row)})\n`;
    })
    .join("");
}

/** The same as a table of Markdown. */
export function settingsTable(): string {
  const lines = rows().map(({ variable, flag, value, help, ...row }) => {
    const asFlag = flag === null ? "" : `\`--${flag}\``;
    return `| \`${variable}\` | ${asFlag} | ${value} | ${help} | ${usualOf(row)} |`.replaceAll("  ", " ");
  });
  return ["| variable | flag | value | what it is | usual |", "| --- | --- | --- | --- | --- |", ...lines, ""].join(
    "\n",
  );
}

function rows(): readonly Setting<unknown>[] {
  return Object.values(settings);
}

function usualOf({ usual, usualText }: Pick<Setting<unknown>, "usual" | "usualText">): string {
  return usualText ?? usual ?? "nothing";
}
