import { useSyncExternalStore } from "react";
import { session } from "./session";

/** Whether somebody is logged in, followed. */
export function useIsLoggedIn(): boolean {
  return useSyncExternalStore(session.subscribe, () => session.isOpen);
}

/** Whether the hub ended the log-in of who is at work here, followed. */
export function useHasLapsed(): boolean {
  return useSyncExternalStore(session.subscribe, () => session.isLapsed);
}
