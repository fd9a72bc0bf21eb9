import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "./confirm-dialog.tsx";

interface DangerProps {
  /** On the button and, once more, in the dialog: "Delete". */
  readonly verb: string;
  readonly title: string;
  readonly children: ReactNode;
  readonly act: () => Promise<unknown>;
  readonly onDone: () => void;
  /** For who hears it, where the word alone does not tell of what. */
  readonly label?: string;
  readonly size?: "xs" | "sm";
}

/** A button for what cannot be undone: it asks first. */
export function Danger({ verb, label, size = "sm", onDone, ...dialog }: DangerProps) {
  const [isAsking, setIsAsking] = useState(false);
  const done = () => {
    setIsAsking(false);
    onDone();
  };
  return (
    <>
      <Button
        variant="outline"
        color="var(--fail)"
        size={size}
        style={{ justifySelf: "start", alignSelf: "flex-start" }}
        {...(label !== undefined && { "aria-label": label })}
        onClick={() => setIsAsking(true)}
      >
        {verb}
      </Button>
      {isAsking && <ConfirmDialog {...dialog} verb={verb} onDone={done} onClose={() => setIsAsking(false)} />}
    </>
  );
}
