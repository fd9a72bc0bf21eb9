import { ActionIcon, Kbd, Modal, Table } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { pages } from "../pages.ts";

const keys = [
  ["/", "search"],
  ["j  k", "next and previous row"],
  ["Enter", "open the row"],
  ["Esc", "close what is open"],
  ["?", "this list"],
] as const;

/** Keys, listed by `?`; `g` and a letter go to a page. */
export function KeyHelp() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  useHotkeys([["shift+?", toggle]]);
  useGoing();
  const jumps = pages.flatMap(({ nav, title }) => (nav?.key === undefined ? [] : [[`g ${nav.key}`, title] as const]));
  return (
    <>
      <ActionIcon variant="subtle" color="gray" onClick={toggle} aria-label="Keys" visibleFrom="sm">
        ?
      </ActionIcon>
      <Modal opened={isOpen} onClose={close} title="Keys" closeButtonProps={{ "aria-label": "Close" }}>
        <Table aria-label="Keys">
          <Table.Tbody>
            {[...keys, ...jumps].map(([key, does]) => (
              <Table.Tr key={key}>
                <Table.Td>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{does}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </>
  );
}

/** How long `g` waits for its letter, in ms. */
const patience = 1500;

function useGoing(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let goingSince = 0;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const target = pages.find(({ nav }) => nav?.key === event.key);
      if (target !== undefined && event.timeStamp - goingSince < patience) void navigate({ to: target.path });
      goingSince = event.key === "g" ? event.timeStamp : 0;
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [navigate]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
