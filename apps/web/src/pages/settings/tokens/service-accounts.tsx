import { Button, NativeSelect } from "@mantine/core";
import type { ServiceAccount } from "@plimsoll/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { teamsQuery } from "../../../api/people.ts";
import { createServiceAccount, deleteServiceAccount, serviceAccountsQuery } from "../../../api/tokens.ts";
import { useMay, useMe } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { Danger } from "../../../ui/form/danger.tsx";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { plain, shortened } from "../../../ui/plain.ts";
import { When } from "../../../ui/when.tsx";
import { ListOf } from "../list-page.tsx";
import { roleLabel, useCustomRoles } from "../role-select.tsx";
import styles from "../settings.module.css";
import { TokenForm } from "./token-form.tsx";

/** Programs of a team that belong to nobody: they stay when people go. */
export function ServiceAccounts({ onTell }: { readonly onTell: (token: string) => void }) {
  const isAdmin = useMay("users.edit");
  const mayEdit = useMay("team.edit");
  const [{ open, team: chosen }, change] = useView();
  const queries = useQueryClient();
  const known = useQuery(teamsQuery).data;
  const teams = known ?? [];
  const team = useShownTeam(known, chosen);
  const list = useQuery({ ...serviceAccountsQuery(team), enabled: team !== 0 });
  const refresh = () => void queries.invalidateQueries({ queryKey: ["tokens"] });
  const columns = useColumns(mayEdit, refresh);
  const close = () => change({ open: undefined });
  const places = [
    ...teams.map(({ id, name }) => ({ value: String(id), label: plain(name) })),
    ...(isAdmin ? [{ value: "all", label: "the whole installation" }] : []),
  ];
  return (
    <>
      <div className={styles.head}>
        <div>
          <h2>Service accounts</h2>
          <p className={styles.intro}>Tokens of programs that belong to nobody: they stay when people go.</p>
        </div>
        <div className={styles.line}>
          {places.length > 1 && (
            <NativeSelect
              label="Of"
              data={places}
              value={team === null ? "all" : String(team)}
              onChange={(event) => change({ team: event.currentTarget.value }, { replace: true })}
            />
          )}
          {mayEdit && (
            <Button variant="default" onClick={() => change({ open: "program" })}>
              Add a service account
            </Button>
          )}
        </div>
      </div>
      <ListOf<ServiceAccount>
        label="Service accounts"
        rows={list}
        columns={columns}
        keyOf={({ id }) => String(id)}
        emptyTitle="There is no service account here"
        empty="Add one for a pipeline or a cluster scanner of the team."
      />
      {open === "program" && mayEdit && (
        <FormDrawer title="Add a service account" onClose={close}>
          <TokenForm verb="Add it" make={createServiceAccount} onMade={onTell} onClose={close} />
        </FormDrawer>
      )}
    </>
  );
}

function useColumns(mayEdit: boolean, refresh: () => void): readonly Column<ServiceAccount>[] {
  const custom = useCustomRoles();
  return [
    { id: "name", title: "Name", width: "30%", cell: ({ name }) => shortened(name, 50) },
    {
      id: "role",
      title: "As",
      width: "22%",
      cell: ({ teamRole, systemRoles }) => shortened(roleLabel(teamRole ?? systemRoles[0] ?? "", custom), 40),
    },
    {
      id: "used",
      title: "Last used",
      width: "17%",
      cell: ({ lastUsed }) => (lastUsed === undefined ? "never" : <When at={lastUsed} />),
    },
    {
      id: "ends",
      title: "Ends",
      width: "17%",
      cell: ({ expirationDate }) => (expirationDate === undefined ? "never" : <When at={expirationDate} />),
    },
    ...(mayEdit ? [deleting(refresh)] : []),
  ];
}

function deleting(refresh: () => void): Column<ServiceAccount> {
  return {
    id: "delete",
    title: "Action",
    width: "14%",
    align: "right",
    cell: ({ id, name, teamId }) => (
      <Danger
        verb="Delete"
        size="xs"
        label={`Delete ${plain(name)}`}
        title={`Delete the service account ${plain(name)}?`}
        act={() => deleteServiceAccount(teamId ?? null, id)}
        onDone={refresh}
      >
        Its token is refused from now on. What it sent stays.
      </Danger>
    ),
  };
}

/** The team whose programs are listed: as chosen, else one's own, else the first; `null`: of the whole installation; 0: not known yet. */
function useShownTeam(
  known: readonly { readonly id: number }[] | undefined,
  chosen: string | undefined,
): number | null {
  const { currentTeam } = useMe();
  const isAdmin = useMay("users.edit");
  const asked = chosen === "all" ? null : Number(chosen ?? currentTeam ?? known?.[0]?.id ?? 0);
  // Where there is no team, an administrator still sees those of the whole installation.
  const isOfAll = asked === null || (asked === 0 && known !== undefined);
  if (isOfAll) return isAdmin ? null : currentTeam;
  return asked;
}
