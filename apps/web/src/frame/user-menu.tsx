import { Button, Menu, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type Me, signOut, switchTeam } from "../api/session.ts";
import { plain, shortened } from "../ui/plain.ts";

/** Who one is: team, light or dark, the way out. */
export function UserMenu({ me }: { readonly me: Me }) {
  const queries = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = async () => {
    await signOut().catch(() => undefined);
    location.assign(document.baseURI);
  };
  const change = async (team: number | null) => {
    await switchTeam(team);
    await queries.invalidateQueries();
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="xs" aria-label={`Menu of ${plain(me.username)}`}>
          {shortened(me.username, 24)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {me.teams.length > 1 && <Menu.Label>Team</Menu.Label>}
        {me.teams.length > 1 &&
          me.teams.map(({ id, name }) => (
            <Menu.Item key={id} onClick={() => void change(id)} disabled={id === me.currentTeam}>
              {plain(name)}
            </Menu.Item>
          ))}
        <Menu.Label>Colours</Menu.Label>
        {(["light", "dark", "auto"] as const).map((scheme) => (
          <Menu.Item key={scheme} onClick={() => setColorScheme(scheme)} disabled={scheme === colorScheme}>
            {scheme === "auto" ? "as the system" : scheme}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
