import { createTheme, Drawer, type MantineColorsTuple, Modal } from "@mantine/core";

const sea: MantineColorsTuple = [
  "#e8f6fb",
  "#cfe9f4",
  "#a3d4e8",
  "#6cc3e4",
  "#3f9fc4",
  "#1f7ea5",
  "#0b5c7d",
  "#094c68",
  "#073d54",
  "#052d3f",
];

const dialog = {
  // Nothing but the content scrolls, and the lock writes a style that the page's policy refuses.
  lockScroll: false,
  // The page has one banner, and that of a dialog is none.
  attributes: { header: { role: "presentation" } },
};

/** One neutral surface, one accent; 13 to 14 px text. */
export const theme = createTheme({
  primaryColor: "sea",
  primaryShade: { light: 6, dark: 5 },
  colors: { sea },
  fontSizes: { xs: "12px", sm: "13px", md: "14px" },
  defaultRadius: "sm",
  components: {
    Modal: Modal.extend({ defaultProps: dialog }),
    Drawer: Drawer.extend({ defaultProps: dialog }),
  },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
});
