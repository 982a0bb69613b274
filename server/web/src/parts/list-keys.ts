import { useEffect, useRef, useState } from "react";

interface List {
  count: number;
  /** How many stand side by side. */
  columns?: number;
  /** Brings one into view, so that it can be focused. */
  show: (index: number) => void;
  /** What a key does to the one where one is; a letter's name, or "range" for an arrow with shift. */
  keys?: Record<string, (index: number) => void>;
}

/** Arrows, Home and End go through a list's links from anywhere on the page; Enter opens the link as links do. */
export function useListKeys({ count, columns = 1, show, keys = {} }: List) {
  const [at, setAt] = useState(-1);
  const isToBeFocused = useRef(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
      const to = next(event.key, at, count, columns);
      if (to !== null) {
        event.preventDefault();
        isToBeFocused.current = true;
        setAt(to);
        show(to);
        if (event.shiftKey) keys.range?.(to);
      } else if (at >= 0 && keys[event.key] !== undefined) {
        event.preventDefault();
        keys[event.key]?.(at);
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
  /** For the link of one: takes the focus once the keys went there. */
  const focusAt = (index: number) => (link: HTMLElement | null) => {
    if (link === null || index !== at || !isToBeFocused.current) return;
    isToBeFocused.current = false;
    link.focus({ preventScroll: true });
  };
  return { at, setAt, focusAt };
}

/** Whether keys mean something else there: where one writes or chooses, and in windows over the page. */
export function isElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null) return true;
  const isBox = target instanceof HTMLInputElement && ["checkbox", "radio", "button"].includes(target.type);
  return target.isContentEditable || (target.matches("input, textarea, select") && !isBox);
}

function next(key: string, at: number, count: number, columns: number): number | null {
  if (count === 0) return null;
  const steps: Record<string, number> = { ArrowDown: columns, ArrowUp: -columns };
  if (columns > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  if (step === undefined) return null;
  if (at < 0) return 0;
  return at + step < 0 || at + step >= count ? at : at + step;
}
