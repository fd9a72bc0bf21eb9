import type { Team } from "@plimsoll/contract";
import { useQueryClient } from "@tanstack/react-query";
import { deleteTeam } from "../../../api/people.ts";
import { useMay } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import { Danger } from "../../../ui/form/danger.tsx";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { plain } from "../../../ui/plain.ts";
import styles from "../settings.module.css";
import { Members } from "./members.tsx";
import { TeamForm } from "./team-form.tsx";

/** One team: what it is called and sees, who is in it. */
export function TeamDrawer({ team }: { readonly team: Team | null }) {
  const mayMake = useMay("users.edit");
  const queries = useQueryClient();
  const [, change] = useView();
  const close = () => change({ open: undefined });
  const refresh = () => void queries.invalidateQueries({ queryKey: ["people"] });
  const saved = ({ id }: Team) => {
    refresh();
    if (team === null) change({ open: String(id) }, { replace: true });
  };
  const name = plain(team?.name ?? "");
  return (
    <FormDrawer title={team === null ? "Add a team" : name} onClose={close}>
      {mayMake && <TeamForm team={team} onSaved={saved} onStale={refresh} onClose={close} />}
      {!mayMake && team !== null && <p className={styles.quiet}>{plain(team.description ?? "")}</p>}
      {team !== null && <Members team={team} onChange={refresh} />}
      {team !== null && mayMake && (
        <Danger
          verb="Delete"
          title={`Delete the team ${name}?`}
          act={() => deleteTeam(team.id)}
          onDone={() => {
            refresh();
            close();
          }}
        >
          Its service accounts and all tokens for it go, and its members lose what they saw through it. Users stay.
        </Danger>
      )}
    </FormDrawer>
  );
}
