import { useQuery } from "@tanstack/react-query";
import { type Me, meQuery } from "../api/session.ts";

/** Who is signed in; pages are only there once that is known. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (data === undefined) throw new TypeError("nobody is signed in");
  return data;
}

/** Whether the person may do what a row of the table of permissions says. */
export function useMay(permission: string): boolean {
  return useMe().permissions.includes(permission);
}
