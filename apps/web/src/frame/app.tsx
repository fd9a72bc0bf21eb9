import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ApiError } from "../api/client.ts";
import { router } from "./router.tsx";
import { theme } from "./theme.ts";

/** What the server says once more is not asked again: only silence and its own troubles are worth a second try. */
function isWorthRetrying(count: number, error: Error): boolean {
  return count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** The server may be this machine's or a network's without a way out: what the browser thinks of being online counts for nothing. */
const networkMode = "always";

const queries = new QueryClient({
  defaultOptions: {
    queries: { networkMode, staleTime: 30_000, retry: isWorthRetrying, refetchOnWindowFocus: true },
    mutations: { networkMode },
  },
});

/** The page's own policy allows only styles that carry this word. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? "";
}

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
