import type { ReactNode } from "react";

/** The first field of what is in it can be typed into as soon as it is shown. */
export function FirstFocused({ children }: { children: ReactNode }) {
  return <div ref={focusFirst}>{children}</div>;
}

function focusFirst(shown: HTMLElement | null): void {
  shown?.querySelector("input")?.focus();
}
