import { AppShell, Burger } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import type { Me } from "../api/session.ts";
import { KeyHelp } from "./key-help.tsx";
import { Navigation } from "./navigation.tsx";
import { SearchBox } from "./search-box.tsx";
import styles from "./shell.module.css";
import { UserMenu } from "./user-menu.tsx";

interface ShellProps {
  readonly me: Me;
  readonly children: ReactNode;
}

/** What stays while pages change: navigation, search, who one is. */
export function Shell({ me, children }: ShellProps) {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  useEffect(() => {
    if (pathname) close();
  }, [pathname, close]);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <AppShell.Header className={styles.header} zIndex={101}>
        <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
        <a className={styles.mark} href={document.baseURI}>
          <img src="mark.svg" alt="" width={24} height={24} />
          Plimsoll
        </a>
        <SearchBox />
        <KeyHelp />
        <UserMenu me={me} />
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <Navigation permissions={me.permissions} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={styles.main}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
