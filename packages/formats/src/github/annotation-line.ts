import { plainText } from "@plimsoll/kit";

/** One annotation; lines of the message are parted by `\n`. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
}

/** The workflow command (GitHub, "Workflow commands": `%`, CR, LF and in properties `:` and `,` are escaped). Nothing in it can begin another command. */
export function annotationLine({ level, title, message }: Annotation): string {
  const lines = message.split("\n").map((line) => plainText(line, 600).replaceAll("%", "%25"));
  const property = plainText(title, 200).replaceAll("%", "%25").replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} title=${property}::${lines.join("%0A")}\n`;
}
