import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { Icon } from "./icon.tsx";
import { plain, shortened } from "./plain.ts";

interface CopyableProps {
  readonly text: string;
  /** What it is, for the button's name: "image digest". */
  readonly what: string;
  /** Most characters shown; the whole is on hover, and is what gets copied. */
  readonly most?: number;
}

/** A digest, a command, a name: in a monospaced face, shortened in the middle, copied whole. */
export function Copyable({ text, what, most = 60 }: CopyableProps) {
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: 4, maxWidth: "100%" }}>
      <code title={plain(text).slice(0, 2000)}>{shortened(text, most)}</code>
      <CopyButton value={text} timeout={1500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : "Copy"}>
            <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={`Copy ${what}`}>
              <Icon of={copied ? "done" : "copy"} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
}
