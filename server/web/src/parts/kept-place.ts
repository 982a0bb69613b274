import { type UIEvent, useCallback } from "react";
import { useLocation } from "react-router";

const places = new Map<string, number>();

/** Where a list was scrolled to, so that one is there again who comes back from what was opened. */
export function useKeptPlace() {
  const { pathname, search } = useLocation();
  const address = pathname + search;
  const initialOffset = useCallback(() => places.get(address) ?? 0, [address]);
  const onScroll = useCallback((event: UIEvent) => void places.set(address, event.currentTarget.scrollTop), [address]);
  return { initialOffset, onScroll };
}
