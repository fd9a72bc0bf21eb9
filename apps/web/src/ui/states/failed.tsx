import { Button } from "@mantine/core";
import { ApiError } from "../../api/client.ts";
import { plain } from "../plain.ts";
import styles from "./states.module.css";

interface FailedProps {
  readonly error: unknown;
  /** What was being done: "The list could not be loaded". */
  readonly what: string;
  readonly onRetry?: () => void;
}

/** What failed, what to do next, and a way to try again; what was shown before stays where it is. */
export function Failed({ error, what, onRetry }: FailedProps) {
  const details = error instanceof ApiError ? error.details : [];
  return (
    <div className={styles.failed} role="alert">
      <div>
        <strong>{what}</strong>
        <div>{plain(error instanceof Error ? error.message : String(error))}</div>
        {details.map((detail) => (
          <div key={detail}>{plain(detail)}</div>
        ))}
      </div>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
