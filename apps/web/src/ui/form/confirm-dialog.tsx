import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failed } from "../states/failed.tsx";

interface ConfirmDialogProps {
  /** A question: "Delete the user ann?". */
  readonly title: string;
  /** What goes with it. */
  readonly children: ReactNode;
  readonly verb: string;
  readonly act: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone, and names what goes. Open as long as it is there. */
export function ConfirmDialog({ title, children, verb, act, onDone, onClose }: ConfirmDialogProps) {
  const acting = useMutation({ mutationFn: act, onSuccess: onDone });
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": "Close" }} zIndex={300} centered>
      <Stack gap="md">
        <div>{children}</div>
        {acting.error && <Failed error={acting.error} what="That did not work; nothing was changed" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button variant="outline" color="var(--fail)" loading={acting.isPending} onClick={() => acting.mutate()}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
