import type { RegistryCredential } from "@plimsoll/contract";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { credentialsQuery, deleteCredential } from "../../../api/credentials.ts";
import { useMay, useMe } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import { Danger } from "../../../ui/form/danger.tsx";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { plain } from "../../../ui/plain.ts";
import styles from "../settings.module.css";
import { CredentialForm } from "./credential-form.tsx";
import { loginWords, placeText } from "./model.ts";
import { TestKept } from "./test-login.tsx";

/** One credential, or a new one; who may not change it sees it and may try it. */
export function CredentialDrawer({ credential }: { readonly credential: RegistryCredential | null }) {
  const mayEdit = useMay("credentials.edit");
  const { currentTeam } = useMe();
  const queries = useQueryClient();
  const [view, change] = useView();
  const [isAdded, setIsAdded] = useState(false);
  const close = () => change({ open: undefined, registry: undefined, image: undefined });
  const refresh = () => void queries.invalidateQueries({ queryKey: credentialsQuery.queryKey });
  const saved = () => {
    refresh();
    if (credential === null && view.image !== undefined) setIsAdded(true);
    else close();
  };
  const isOwn = credential === null || credential.teamId !== null || currentTeam === null;
  const title = credential === null ? "Add a registry credential" : plain(credential.name);
  return (
    <FormDrawer title={title} onClose={close}>
      {isAdded && <Added image={view.image ?? ""} />}
      {!isAdded && mayEdit && isOwn && <CredentialForm credential={credential} onSaved={saved} onClose={close} />}
      {credential !== null && !(mayEdit && isOwn) && <Facts credential={credential} isOwn={isOwn} />}
      {credential !== null && <TestKept id={credential.id} />}
      {credential !== null && mayEdit && isOwn && (
        <Danger
          verb="Delete"
          title={`Delete the credential ${plain(credential.name)}?`}
          act={() => deleteCredential(credential.id)}
          onDone={() => {
            refresh();
            close();
          }}
        >
          The login for <code>{plain(placeText(credential))}</code> goes. Images there that only it opens can no longer
          be scanned by the server. What was scanned stays.
        </Danger>
      )}
    </FormDrawer>
  );
}

function Added({ image }: { readonly image: string }) {
  return (
    <div className={styles.good} role="status">
      The credential is kept.{" "}
      <Link to="/scan" search={{ image }}>
        Scan {plain(image)} again
      </Link>
    </div>
  );
}

function Facts({ credential, isOwn }: { readonly credential: RegistryCredential; readonly isOwn: boolean }) {
  return (
    <>
      {!isOwn && <p className={styles.quiet}>It is every team's: only an administrator may change it.</p>}
      <dl className={styles.facts}>
        <dt>Opens</dt>
        <dd>
          <code>{plain(placeText(credential))}</code>
        </dd>
        <dt>Login</dt>
        <dd>
          {loginWords(credential.type)} {plain(credential.username)}
        </dd>
        <dt>Certificates</dt>
        <dd>{credential.skipTlsVerify ? "not checked" : "checked"}</dd>
      </dl>
    </>
  );
}
