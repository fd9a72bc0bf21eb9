import { dropMember } from "../../api/people.ts";
import { Danger } from "../../ui/form/danger.tsx";
import { plain } from "../../ui/plain.ts";

interface TakeOutProps {
  readonly team: { readonly id: number; readonly name: string };
  readonly user: { readonly id: number; readonly name: string };
  /** For who hears it: of whom or of what. */
  readonly label: string;
  readonly onDone: () => void;
}

/** Ends that somebody is in a team. */
export function TakeOut({ team, user, label, onDone }: TakeOutProps) {
  return (
    <Danger
      verb="Take out"
      size="xs"
      label={label}
      title={`Take ${plain(user.name)} out of ${plain(team.name)}?`}
      act={() => dropMember(team.id, user.id)}
      onDone={onDone}
    >
      They no longer see what the team sees, and their tokens for it are refused from now on.
    </Danger>
  );
}
