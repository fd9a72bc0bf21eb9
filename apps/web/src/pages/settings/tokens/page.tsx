import { Button } from "@mantine/core";
import type { OwnToken } from "@plimsoll/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createOwnToken, ownTokensQuery, revokeOwnToken } from "../../../api/tokens.ts";
import { useMay, useMe } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { Danger } from "../../../ui/form/danger.tsx";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { plain, shortened } from "../../../ui/plain.ts";
import { When } from "../../../ui/when.tsx";
import { ListPage } from "../list-page.tsx";
import { roleLabel, useCustomRoles } from "../role-select.tsx";
import { ServiceAccounts } from "./service-accounts.tsx";
import { TokenForm } from "./token-form.tsx";
import { TokenTold } from "./token-told.tsx";

export function Page() {
  const list = useQuery(ownTokensQuery);
  const queries = useQueryClient();
  const seesAccounts = useMay("team.read");
  const [{ open }, change] = useView();
  const [told, setTold] = useState("");
  const refresh = () => void queries.invalidateQueries({ queryKey: ["tokens"] });
  const columns = useColumns(refresh);
  const close = () => change({ open: undefined });
  const tell = (text: string) => {
    setTold(text);
    refresh();
    close();
  };
  return (
    <ListPage<OwnToken>
      title="API tokens"
      intro="With a token a pipeline or a script does what you may do, for one team and until a day you choose. Its text is shown once."
      rows={list}
      columns={columns}
      keyOf={({ id }) => String(id)}
      action={<Button onClick={() => change({ open: "new" })}>Make a token</Button>}
      emptyTitle="You have no token"
      empty="Make one for your pipeline: you get the line to paste into it."
    >
      {seesAccounts && <ServiceAccounts onTell={tell} />}
      {open === "new" && (
        <FormDrawer title="Make a token" onClose={close}>
          <TokenForm verb="Make it" make={createOwnToken} onMade={tell} onClose={close} isOwn />
        </FormDrawer>
      )}
      {told !== "" && <TokenTold token={told} onClose={() => setTold("")} />}
    </ListPage>
  );
}

function useColumns(refresh: () => void): readonly Column<OwnToken>[] {
  const { teams } = useMe();
  const custom = useCustomRoles();
  const teamName = (id: number | null) =>
    id === null ? "all teams" : (teams.find((team) => team.id === id)?.name ?? "a team that is no longer yours");
  return [
    { id: "name", title: "Name", width: "24%", cell: ({ name }) => shortened(name, 50) },
    { id: "team", title: "For", width: "auto", cell: ({ team }) => shortened(teamName(team), 40) },
    { id: "role", title: "As", width: "auto", cell: ({ role }) => shortened(roleLabel(role, custom), 40) },
    {
      id: "used",
      title: "Last used",
      width: "132px",
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? "never" : <When at={lastUsedAt} />),
    },
    {
      id: "ends",
      title: "Ends",
      width: "132px",
      cell: ({ expiresAt }) => (expiresAt === null ? "never" : <When at={expiresAt} />),
    },
    {
      id: "revoke",
      title: "Action",
      width: "112px",
      align: "right",
      cell: ({ id, name }) => (
        <Danger
          verb="Revoke"
          size="xs"
          label={`Revoke ${plain(name)}`}
          title={`Revoke the token ${plain(name)}?`}
          act={() => revokeOwnToken(id)}
          onDone={refresh}
        >
          Whatever uses it is refused from now on. Nothing that it sent goes.
        </Danger>
      ),
    },
  ];
}
