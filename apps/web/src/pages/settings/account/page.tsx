import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ChangePasswordForm } from "../../../frame/change-password.tsx";
import { useMe } from "../../../frame/me.ts";
import { plain } from "../../../ui/plain.ts";
import { roleLabel, useCustomRoles } from "../role-select.tsx";
import styles from "../settings.module.css";
import { Sessions } from "./sessions.tsx";

export function Page() {
  const me = useMe();
  const custom = useCustomRoles();
  return (
    <>
      <h1>Your account</h1>
      <dl className={styles.facts}>
        <dt>User name</dt>
        <dd>{plain(me.username)}</dd>
        {me.teams.map(({ id, name, role }) => [
          <dt key={`${id} `}>{plain(name)}</dt>,
          <dd key={id}>{plain(roleLabel(role, custom))}</dd>,
        ])}
      </dl>
      <Sessions />
      <section className={styles.section} aria-label="Password" style={{ maxWidth: 380 }}>
        <h2>Password</h2>
        <Password />
      </section>
    </>
  );
}

function Password() {
  const queries = useQueryClient();
  const [times, setTimes] = useState(0);
  const done = () => {
    setTimes(times + 1);
    void queries.invalidateQueries();
  };
  return (
    <>
      <p className={styles.quiet}>12 characters at least. All your sessions end but this one; tokens stay.</p>
      {times > 0 && (
        <p role="status" className={styles.good}>
          Your password is changed, and you are signed out everywhere else.
        </p>
      )}
      <ChangePasswordForm key={times} onDone={done} />
    </>
  );
}
