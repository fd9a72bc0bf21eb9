import { Button, CopyButton, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./form.module.css";

interface SecretOnceProps {
  readonly title: string;
  /** "one-time password", "token". */
  readonly what: string;
  readonly secret: string;
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

/** A secret that is told once: it goes by its own button alone, not by a slip of the hand. */
export function SecretOnce({ title, what, secret, children, onClose }: SecretOnceProps) {
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={title}
      size="lg"
      zIndex={300}
      centered
    >
      <Stack gap="md">
        <Text size="sm">Copy it now: it is shown this once, and nobody can read it again later.</Text>
        <CopyLine text={secret} what={what} />
        {children}
        <Button onClick={onClose}>I have copied it</Button>
      </Stack>
    </Modal>
  );
}

/** A line to be copied whole, never shortened. */
export function CopyLine({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div className={styles.copy}>
      <code>{text}</code>
      <CopyButton value={text} timeout={1500}>
        {({ copied, copy }) => (
          <Button variant="default" size="xs" onClick={copy} aria-label={`${copied ? "Copied" : "Copy"} ${what}`}>
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
