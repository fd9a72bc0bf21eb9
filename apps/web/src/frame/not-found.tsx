import { Link } from "@tanstack/react-router";
import { Empty } from "../ui/states/empty.tsx";

export function NotFound() {
  return (
    <Empty title="There is no such page">
      The address may be old. <Link to="/">Go to the first page</Link>
    </Empty>
  );
}
