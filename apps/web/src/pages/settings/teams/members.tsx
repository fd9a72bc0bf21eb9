import { Button, NativeSelect } from "@mantine/core";
import type { Team } from "@plimsoll/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { membersQuery, saveMember, userNamesQuery } from "../../../api/people.ts";
import { useMay } from "../../../frame/me.ts";
import { plain, shortened } from "../../../ui/plain.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import { LoadingRows } from "../../../ui/states/loading-rows.tsx";
import { RoleSelect, roleLabel, useCustomRoles } from "../role-select.tsx";
import styles from "../settings.module.css";
import { TakeOut } from "../take-out.tsx";

interface MembersProps {
  readonly team: Team;
  readonly onChange: () => void;
}

/** Who is in a team, and as what. A change of a role is kept at once. */
export function Members({ team, onChange }: MembersProps) {
  const mayEdit = useMay("team.edit");
  const custom = useCustomRoles();
  const teams = useQuery(membersQuery);
  const saving = useMutation({
    mutationFn: ({ user, role }: { user: number; role: string }) => saveMember(team.id, user, role),
    onSettled: onChange,
  });
  const members = teams.data?.find(({ id }) => id === team.id)?.userRoles;
  if (teams.isPending) return <LoadingRows rows={2} />;
  if (members === undefined) {
    return <Failed error={teams.error} what="The members could not be loaded" onRetry={() => void teams.refetch()} />;
  }
  return (
    <section className={styles.section} aria-label="Members">
      <h2>Members</h2>
      {saving.error && <Failed error={saving.error} what="The role was not changed" />}
      {members.length === 0 && <p className={styles.quiet}>Nobody is in this team yet.</p>}
      <ul className={styles.plainList}>
        {members.map(({ userId, userName, role }) => (
          <li key={userId}>
            <span>{shortened(userName, 40)}</span>
            {!mayEdit && <span className={styles.quiet}>{plain(roleLabel(role, custom))}</span>}
            {mayEdit && (
              <span className={styles.line}>
                <RoleSelect
                  label={`Role of ${plain(userName)}`}
                  isBare
                  value={role}
                  onChange={(wanted) => saving.mutate({ user: userId, role: wanted })}
                  disabled={saving.isPending}
                />
                <TakeOut
                  team={team}
                  user={{ id: userId, name: userName }}
                  label={`Take out ${plain(userName)}`}
                  onDone={onChange}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
      {mayEdit && (
        <LetIn
          team={team}
          inside={members.map(({ userId }) => userId)}
          onLetIn={(user, role) => saving.mutate({ user, role })}
        />
      )}
    </section>
  );
}

interface LetInProps {
  readonly team: Team;
  readonly inside: readonly number[];
  readonly onLetIn: (user: number, role: string) => void;
}

function LetIn({ team, inside, onLetIn }: LetInProps) {
  const names = useQuery(userNamesQuery);
  const [user, setUser] = useState("");
  const usual = team.customTeamRoleId?.toString() ?? team.standardTeamRole ?? "ROLE_TEAM_READ";
  const [role, setRole] = useState(usual);
  const others = (names.data ?? []).filter(({ id }) => !inside.includes(id));
  const chosen = others.find(({ id }) => String(id) === user) ?? others[0];
  if (chosen === undefined) return null;
  return (
    <div className={styles.line}>
      <NativeSelect
        label="User"
        data={others.map(({ id, username }) => ({ value: String(id), label: plain(username) }))}
        value={String(chosen.id)}
        onChange={(event) => setUser(event.currentTarget.value)}
      />
      <RoleSelect label="Role" value={role} onChange={setRole} />
      <Button variant="default" onClick={() => onLetIn(chosen.id, role)}>
        Let in
      </Button>
    </div>
  );
}
