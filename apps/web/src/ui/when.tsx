import { useEffect, useState } from "react";
import { absolute, relative } from "./moments.ts";

/** A moment as people say it, with the exact one on hover; it stays true while the page is open. */
export function When({ at }: { readonly at: string | null | undefined }) {
  const now = useNow();
  if (at === null || at === undefined || at === "") return <span>unknown</span>;
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={absolute(moment)}>
      {relative(moment, now)}
    </time>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
