import { Link } from "@tanstack/react-router";
import { type Page, pages } from "../pages.ts";
import styles from "./shell.module.css";

const groups = ["", "Findings", "Work", "Settings"] as const;

/** Links to the pages that the permissions open. */
export function Navigation({ permissions }: { readonly permissions: readonly string[] }) {
  const open = pages.filter(({ permission }) => permission === undefined || permissions.includes(permission));
  return (
    <nav aria-label="Pages">
      {groups.map((group) => {
        const members = open.filter(({ nav }) => nav?.group === group);
        return members.length === 0 ? null : <Group key={group} title={group} members={members} />;
      })}
    </nav>
  );
}

function Group({ title, members }: { readonly title: string; readonly members: readonly Page[] }) {
  return (
    <>
      {title !== "" && <div className={styles.group}>{title}</div>}
      {members.map(({ path, title: name, nav }) => (
        <Link
          key={path}
          to={path}
          className={styles.link}
          activeOptions={{ exact: path === "/" }}
          activeProps={{ "aria-current": "page" }}
        >
          <span className={styles.sign} aria-hidden="true">
            {nav?.sign}
          </span>
          {name}
        </Link>
      ))}
    </>
  );
}
