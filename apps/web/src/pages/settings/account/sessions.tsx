import type { SessionSeen } from "@plimsoll/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { endSession, sessionsQuery } from "../../../api/sessions.ts";
import { Danger } from "../../../ui/form/danger.tsx";
import { plain, shortened } from "../../../ui/plain.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import { LoadingRows } from "../../../ui/states/loading-rows.tsx";
import { When } from "../../../ui/when.tsx";
import styles from "../settings.module.css";

/** Where one is signed in. */
export function Sessions() {
  const list = useQuery(sessionsQuery);
  const queries = useQueryClient();
  return (
    <section className={styles.section} aria-label="Where you are signed in">
      <h2>Where you are signed in</h2>
      {list.isPending && <LoadingRows rows={2} />}
      {list.error && (
        <Failed error={list.error} what="Your sessions could not be loaded" onRetry={() => void list.refetch()} />
      )}
      <ul className={styles.plainList}>
        {list.data?.map((session) => (
          <li key={session.id}>
            <Where session={session} />
            {!session.isThisOne && (
              <Danger
                verb="End"
                size="xs"
                label={`End the session from ${plain(session.address)}`}
                title="End this session?"
                act={() => endSession(session.id)}
                onDone={() => void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey })}
              >
                Whoever uses it at {plain(session.address)} must sign in again. Was it not you, change your password
                too.
              </Danger>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Where({ session: { address, agent, seenAt, isThisOne } }: { readonly session: SessionSeen }) {
  return (
    <span>
      {isThisOne && <strong>This one. </strong>}
      {plain(address)}, <When at={seenAt} />
      <br />
      <span className={styles.quiet} title={plain(agent)}>
        {shortened(agent, 90)}
      </span>
    </span>
  );
}
