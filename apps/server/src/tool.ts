/** What documents say made them. */
export const tool = { name: "plimsoll", version: "0.1.0" } as const;
