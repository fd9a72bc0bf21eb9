import { Button } from "@mantine/core";
import type { User } from "@plimsoll/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { membersQuery, usersQuery } from "../../../api/people.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { SecretOnce } from "../../../ui/form/secret-once.tsx";
import { plain, shortened } from "../../../ui/plain.ts";
import { When } from "../../../ui/when.tsx";
import { ListPage } from "../list-page.tsx";
import { roleLabel, useCustomRoles } from "../role-select.tsx";
import { fullName } from "./full-name.ts";
import { NewUserForm } from "./new-user-form.tsx";
import type { Told } from "./told.ts";
import { UserDrawer } from "./user-drawer.tsx";

export function Page() {
  const list = useQuery(usersQuery);
  const queries = useQueryClient();
  const [{ open }, change] = useView();
  const [told, setTold] = useState<Told | null>(null);
  const columns = useColumns();
  const user = list.data?.find(({ id }) => String(id) === open);
  const close = () => change({ open: undefined });
  const tell = (news: Told) => {
    setTold(news);
    void queries.invalidateQueries({ queryKey: ["people"] });
  };
  // Only now: what is opened below a dialog would take the keyboard away from it.
  const forget = ({ id }: Told) => {
    setTold(null);
    change({ open: String(id) }, { replace: true });
  };
  return (
    <ListPage<User>
      title="Users"
      intro="Who may sign in. What somebody may do is said by their roles in teams; administrators may do everything."
      rows={list}
      columns={columns}
      keyOf={({ id }) => String(id)}
      onOpen={({ id }) => change({ open: String(id) })}
      openKey={open}
      action={<Button onClick={() => change({ open: "new" })}>Add a user</Button>}
      emptyTitle="There are no users"
      empty="Add one: they get a password that holds once."
    >
      {open === "new" && (
        <FormDrawer title="Add a user" onClose={close}>
          <NewUserForm onMade={tell} onClose={close} />
        </FormDrawer>
      )}
      {user !== undefined && <UserDrawer key={user.id} user={user} onTell={tell} onClose={close} />}
      {told !== null && (
        <SecretOnce
          title={`One-time password of ${plain(told.email)}`}
          what="one-time password"
          secret={told.password}
          onClose={() => forget(told)}
        >
          They sign in with it once and choose another.
        </SecretOnce>
      )}
    </ListPage>
  );
}

function useColumns(): readonly Column<User>[] {
  const custom = useCustomRoles();
  const teams = useQuery(membersQuery).data ?? [];
  const rolesOf = (user: number) =>
    teams.flatMap(({ name, userRoles }) =>
      userRoles.filter(({ userId }) => userId === user).map(({ role }) => `${name}: ${roleLabel(role, custom)}`),
    );
  return [
    { id: "user", title: "User", width: "26%", cell: ({ email }) => shortened(email, 60) },
    { id: "name", title: "Name", width: "18%", cell: (user) => shortened(fullName(user), 40) },
    {
      id: "roles",
      title: "May do",
      width: "30%",
      cell: ({ id, isAdmin }) =>
        shortened(isAdmin ? "everything (administrator)" : rolesOf(id).join(", ") || "nothing", 80),
    },
    { id: "state", title: "State", width: "14%", cell: (user) => stateOf(user) },
    { id: "made", title: "Added", width: "12%", cell: ({ dateCreated }) => <When at={dateCreated} /> },
  ];
}

function stateOf({ isEnabled, activationStatus }: User): string {
  if (!isEnabled) return "disabled";
  return activationStatus === "pending" ? "never signed in" : "active";
}
