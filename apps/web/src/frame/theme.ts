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

/** One neutral surface, one accent; 13 to 14 px text. */
export const theme = createTheme({
  primaryColor: "sea",
  primaryShade: { light: 6, dark: 5 },
  colors: { sea },
  fontSizes: { xs: "12px", sm: "13px", md: "14px" },
  defaultRadius: "sm",
  components: {
    // Nothing but the content scrolls, and the lock writes a style that the page's policy refuses.
    Modal: Modal.extend({ defaultProps: { lockScroll: false } }),
    Drawer: Drawer.extend({ defaultProps: { lockScroll: false } }),
  },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
});
