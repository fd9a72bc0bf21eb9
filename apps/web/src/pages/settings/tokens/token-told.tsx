import { CopyLine, SecretOnce } from "../../../ui/form/secret-once.tsx";

/** A token that was just made, and the line that uses it. */
export function TokenTold({ token, onClose }: { readonly token: string; readonly onClose: () => void }) {
  const url = document.baseURI.replace(/\/$/, "");
  return (
    <SecretOnce title="The token" what="token" secret={token} onClose={onClose}>
      <div>
        In a pipeline keep it as a secret named <code>SECURE_API_TOKEN</code>. To try it here and now:
      </div>
      <CopyLine text={`SECURE_API_TOKEN=${token} plimsoll scan IMAGE --apiurl ${url}`} what="the command" />
    </SecretOnce>
  );
}
