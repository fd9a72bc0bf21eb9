import { Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { sessionLost } from "../api/client.ts";
import { SignInForm } from "./sign-in.tsx";

/** A session ended while somebody worked: they sign in over the page, and nothing that was typed is lost. */
export function SessionDialog({ username }: { readonly username: string }) {
  const [isLost, setIsLost] = useState(false);
  const queries = useQueryClient();
  useEffect(() => {
    const lose = () => setIsLost(true);
    const lookAgain = () => void queries.invalidateQueries();
    sessionLost.addEventListener("lost", lose);
    sessionLost.addEventListener("changed", lookAgain);
    return () => {
      sessionLost.removeEventListener("lost", lose);
      sessionLost.removeEventListener("changed", lookAgain);
    };
  }, [queries]);
  const done = () => {
    setIsLost(false);
    void queries.invalidateQueries();
  };
  return (
    <Modal opened={isLost} onClose={() => undefined} withCloseButton={false} title="Your session has ended" centered>
      <Text size="sm" mb="md">
        Sign in again to go on. What you typed is still here.
      </Text>
      <SignInForm username={username} onDone={done} />
    </Modal>
  );
}
