import { Button } from "@mantine/core";
import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Failed } from "../ui/states/failed.tsx";

/** A page that fell over, in the place of the page: navigation and search stay, and there are ways on. */
export function PageBroken({ error, reset }: ErrorComponentProps) {
  return (
    <>
      <h1>This page could not be shown</h1>
      <Failed error={error} what="Something here does not work" onRetry={reset} />
      <p>
        If trying again does not help, the pages may have changed since they were loaded:{" "}
        <Button variant="default" size="compact-sm" onClick={() => location.reload()}>
          Load it anew
        </Button>{" "}
        or <Link to="/">go to the first page</Link>.
      </p>
    </>
  );
}
