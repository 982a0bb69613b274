import { useSyncExternalStore } from "react";
import { session } from "./session";

/** Whether somebody is logged in, followed. */
export function useIsLoggedIn(): boolean {
  return useSyncExternalStore(session.subscribe, () => session.isOpen);
}
