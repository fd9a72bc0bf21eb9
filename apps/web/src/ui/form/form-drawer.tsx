import { Drawer, Stack } from "@mantine/core";
import type { ReactNode } from "react";

interface FormDrawerProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What is opened beside a list: open as long as it is there. */
export function FormDrawer({ title, onClose, children }: FormDrawerProps) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="md"
      title={title}
      // Of dialogs over this one Escape closes the uppermost alone: theirs is not within this element.
      closeOnEscape={false}
      onKeyDown={({ key, currentTarget, target }) => {
        if (key === "Escape" && target instanceof Node && currentTarget.contains(target)) onClose();
      }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack gap="lg" align="stretch">
        {children}
      </Stack>
    </Drawer>
  );
}
