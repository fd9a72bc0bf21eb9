import type { Page } from "playwright-core";
import { type Harbour, password } from "./harbour.ts";

/** Changes something through the API, as the person whose page it is. */
export async function change<T>(page: Page, path: string, { method = "POST", data = {} as object } = {}): Promise<T> {
  const { request } = page.context();
  const { csrfToken } = await (await request.get("api/session")).json();
  const answer = await request.fetch(path, { method, data, headers: { "x-csrf-token": csrfToken } });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  return answer.status() === 204 ? (undefined as T) : await answer.json();
}

/** A page of somebody who is made for it, in a team of their own with one role. */
export async function pageOf(
  harbour: Harbour,
  admin: Page,
  { name, role }: { name: string; role: string },
): Promise<Page> {
  const user = await change<{ id: number; oneTimePassword: string }>(admin, "platform/v1/users", {
    data: { email: name },
  });
  const team = await change<{ id: number }>(admin, "platform/v1/teams", { data: { name: `team of ${name}` } });
  const member = { method: "PUT", data: { standardTeamRole: role } };
  await change(admin, `platform/v1/teams/${team.id}/users/${user.id}`, member);
  const page = await harbour.stranger();
  const { request } = page.context();
  const session = await request.post("api/session", { data: { username: name, password: user.oneTimePassword } });
  const { csrfToken } = await session.json();
  const chosen = { oldPassword: user.oneTimePassword, newPassword: password };
  await request.put("api/users/me/password", { data: chosen, headers: { "x-csrf-token": csrfToken } });
  return page;
}
