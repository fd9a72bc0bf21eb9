import { Button, NativeSelect } from "@mantine/core";
import type { User } from "@plimsoll/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { membersQuery, saveMember } from "../../../api/people.ts";
import { plain, shortened } from "../../../ui/plain.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import { LoadingRows } from "../../../ui/states/loading-rows.tsx";
import { RoleSelect } from "../role-select.tsx";
import styles from "../settings.module.css";
import { TakeOut } from "../take-out.tsx";

interface MembershipsProps {
  readonly user: User;
  readonly onChange: () => void;
}

/** The teams somebody is in, and what they may do there. A change of a role is kept at once. */
export function Memberships({ user, onChange }: MembershipsProps) {
  const teams = useQuery(membersQuery);
  const saving = useMutation({
    mutationFn: ({ team, role }: { team: number; role: string }) => saveMember(team, user.id, role),
    onSettled: onChange,
  });
  if (teams.isPending) return <LoadingRows rows={2} />;
  if (teams.data === undefined) {
    return <Failed error={teams.error} what="The teams could not be loaded" onRetry={() => void teams.refetch()} />;
  }
  const own = teams.data.flatMap((team) =>
    team.userRoles.filter(({ userId }) => userId === user.id).map(({ role }) => ({ ...team, role })),
  );
  const others = teams.data.filter(({ id }) => !own.some((team) => team.id === id));
  return (
    <section className={styles.section} aria-label="Roles in teams">
      <h2>Roles in teams</h2>
      {saving.error && <Failed error={saving.error} what="The role was not changed" />}
      {own.length === 0 && <p className={styles.quiet}>In no team{user.isAdmin && "; administrators need none"}.</p>}
      <ul className={styles.plainList}>
        {own.map(({ id, name, role }) => (
          <li key={id}>
            <span>{shortened(name, 40)}</span>
            <span className={styles.line}>
              <RoleSelect
                label={`Role in ${plain(name)}`}
                isBare
                value={role}
                onChange={(wanted) => saving.mutate({ team: id, role: wanted })}
                disabled={saving.isPending}
              />
              <TakeOut
                team={{ id, name }}
                user={{ id: user.id, name: user.email }}
                label={`Take out of ${plain(name)}`}
                onDone={onChange}
              />
            </span>
          </li>
        ))}
      </ul>
      {others.length > 0 && <Join teams={others} onJoin={(team, role) => saving.mutate({ team, role })} />}
    </section>
  );
}

interface JoinProps {
  readonly teams: readonly { readonly id: number; readonly name: string }[];
  readonly onJoin: (team: number, role: string) => void;
}

function Join({ teams, onJoin }: JoinProps) {
  const [team, setTeam] = useState("");
  const [role, setRole] = useState("ROLE_TEAM_READ");
  const chosen = teams.find(({ id }) => String(id) === team) ?? teams[0];
  return (
    <div className={styles.line}>
      <NativeSelect
        label="Team"
        data={teams.map(({ id, name }) => ({ value: String(id), label: plain(name) }))}
        value={String(chosen?.id ?? "")}
        onChange={(event) => setTeam(event.currentTarget.value)}
      />
      <RoleSelect label="Role there" value={role} onChange={setRole} />
      <Button variant="default" onClick={() => chosen && onJoin(chosen.id, role)}>
        Let in
      </Button>
    </div>
  );
}
