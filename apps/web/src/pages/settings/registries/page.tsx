import { Button } from "@mantine/core";
import type { RegistryCredential } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { credentialsQuery } from "../../../api/credentials.ts";
import { useMay } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { plain, shortened } from "../../../ui/plain.ts";
import { When } from "../../../ui/when.tsx";
import { ListPage } from "../list-page.tsx";
import { CredentialDrawer } from "./credential-drawer.tsx";
import { loginWords, placeText } from "./model.ts";

const columns: readonly Column<RegistryCredential>[] = [
  {
    id: "name",
    title: "Name",
    width: "26%",
    cell: ({ name }) => <span title={plain(name)}>{shortened(name, 50)}</span>,
  },
  {
    id: "place",
    title: "Opens",
    width: "30%",
    cell: (row) => <code title={plain(placeText(row))}>{shortened(placeText(row), 60)}</code>,
  },
  {
    id: "login",
    title: "Login",
    width: "20%",
    cell: ({ type, username }) =>
      username === "" ? loginWords(type) : `${loginWords(type)}: ${shortened(username, 30)}`,
  },
  {
    id: "whose",
    title: "Whose",
    width: "12%",
    cell: ({ teamId }) => (teamId === null ? "every team's" : "the team's"),
  },
  { id: "changed", title: "Changed", width: "12%", cell: ({ updatedAt }) => <When at={updatedAt} /> },
];

export function Page() {
  const list = useQuery(credentialsQuery);
  const mayEdit = useMay("credentials.edit");
  const [{ open }, change] = useView();
  const add = () => change({ open: "new", registry: undefined, image: undefined });
  const row = list.data?.find(({ id }) => String(id) === open);
  return (
    <ListPage<RegistryCredential>
      title="Registries"
      intro="Logins with which the server pulls images. Secrets are sealed and never shown again; the longest path that covers an image wins."
      rows={list}
      columns={columns}
      keyOf={({ id }) => String(id)}
      onOpen={({ id }) => change({ open: String(id) })}
      openKey={open}
      action={mayEdit && <Button onClick={add}>Add a credential</Button>}
      emptyTitle="There is no registry credential yet"
      empty="Images that everybody may pull need none. Add one for a registry, or a part of it, that asks who is there."
    >
      {(row !== undefined || (open === "new" && mayEdit)) && <CredentialDrawer key={open} credential={row ?? null} />}
    </ListPage>
  );
}
