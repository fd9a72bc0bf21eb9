import { Link } from "@tanstack/react-router";
import { Copyable } from "../ui/copyable.tsx";

/** The one command that fills the lists, and where its token comes from. */
export function ScanCommand() {
  const url = document.baseURI.replace(/\/$/, "");
  return (
    <>
      <p>
        <Copyable text={`SECURE_API_TOKEN=… plimsoll scan IMAGE --apiurl ${url}`} what="command" most={120} />
      </p>
      <p>
        <Link to="/settings/tokens">Make a token</Link> for it, or <Link to="/scan">scan an image now</Link> from here.
      </p>
    </>
  );
}
