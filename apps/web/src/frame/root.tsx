import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { ApiError } from "../api/client.ts";
import { meQuery } from "../api/session.ts";
import { Failed } from "../ui/states/failed.tsx";
import { LoadingRows } from "../ui/states/loading-rows.tsx";
import { ChangePassword } from "./change-password.tsx";
import { Permitted } from "./permitted.tsx";
import { SessionDialog } from "./session-dialog.tsx";
import { Shell } from "./shell.tsx";
import { SignIn } from "./sign-in.tsx";

/** Nobody signed in: the door. A first password: its change. Else the page within its frame. */
export function Root() {
  const me = useQuery(meQuery);
  if (me.data === undefined) {
    if (me.isPending) return <LoadingRows rows={4} />;
    const isStranger = me.error instanceof ApiError && me.error.status === 401;
    if (isStranger) return <SignIn onDone={() => void me.refetch()} />;
    return <Failed error={me.error} what="Plimsoll could not be reached" onRetry={() => void me.refetch()} />;
  }
  if (me.data.mustChangePassword) return <ChangePassword onDone={() => void me.refetch()} />;
  return (
    <>
      <Shell me={me.data}>
        <Permitted>
          <Outlet />
        </Permitted>
      </Shell>
      <SessionDialog username={me.data.username} />
    </>
  );
}
