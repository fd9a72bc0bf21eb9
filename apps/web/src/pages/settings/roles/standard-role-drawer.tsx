import type { Role } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { permissionsQuery, standardRoleQuery } from "../../../api/roles.ts";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { plain } from "../../../ui/plain.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import { LoadingRows } from "../../../ui/states/loading-rows.tsx";
import styles from "../settings.module.css";

interface StandardRoleDrawerProps {
  readonly name: string;
  readonly about: string;
  /** The API's word for it. */
  readonly word: string;
  /** One that was made here, shown to who may not change it. */
  readonly own: Role | null;
  readonly onClose: () => void;
}

/** What a role may do, to be read. */
export function StandardRoleDrawer({ name, about, word, own, onClose }: StandardRoleDrawerProps) {
  const all = useQuery(permissionsQuery);
  const standard = useQuery({ ...standardRoleQuery(word), enabled: own === null });
  const granted = own?.securePermissions ?? standard.data;
  const error = all.error ?? standard.error;
  return (
    <FormDrawer title={plain(name)} onClose={onClose}>
      <p className={styles.quiet}>{plain(about)}</p>
      {error && (
        <Failed error={error} what="Its permissions could not be loaded" onRetry={() => void standard.refetch()} />
      )}
      {!error && (granted === undefined || all.data === undefined) && <LoadingRows rows={4} />}
      {granted !== undefined && (
        <ul className={styles.plainList} aria-label="Permissions">
          {all.data
            ?.filter(({ id }) => granted.includes(id))
            .map(({ id, description }) => (
              <li key={id}>
                <span>{description}</span>
                <code>{id}</code>
              </li>
            ))}
        </ul>
      )}
    </FormDrawer>
  );
}
