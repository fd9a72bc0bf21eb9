import { Button, Group, Modal, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";

/** Asks before what was typed is lost: by a link, the back button, closing the form or the window. */
export function LeaveGuard({ mustAsk }: { readonly mustAsk: () => boolean }) {
  const leaving = useBlocker({ shouldBlockFn: mustAsk, enableBeforeUnload: mustAsk, withResolver: true });
  const stay = () => leaving.reset?.();
  return (
    <Modal
      opened={leaving.status === "blocked"}
      onClose={stay}
      title="Leave what you typed?"
      closeButtonProps={{ "aria-label": "Stay here" }}
      zIndex={300}
      centered
    >
      <Text size="sm" mb="md">
        It was not saved yet, and is gone when you leave.
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={stay} data-autofocus>
          Stay here
        </Button>
        <Button variant="outline" color="var(--fail)" onClick={() => leaving.proceed?.()}>
          Leave without saving
        </Button>
      </Group>
    </Modal>
  );
}
