import { useCallback, useEffect, useRef, useState } from "react";

/** Something that was done, and what there was after it. */
export interface Step<T> {
  label: string;
  state: T;
}

/** All that was done, the steps that were taken back too; `at` is where one is. */
export interface History<T> {
  steps: Step<T>[];
  at: number;
}

export function begun<T>(state: T): History<T> {
  return { steps: [{ label: "Begun", state }], at: 0 };
}

/** One step more; what was taken back before is gone. */
export function done<T>({ steps, at }: History<T>, label: string, state: T): History<T> {
  return { steps: [...steps.slice(0, at + 1), { label, state }], at: at + 1 };
}

export function movedTo<T>(history: History<T>, at: number): History<T> {
  return { ...history, at: Math.min(Math.max(at, 0), history.steps.length - 1) };
}

/** What is left after a part of it was sent, which `without` takes away: steps that did nothing else are gone, and so are
 * those that were taken back. */
export function left<T>({ steps, at }: History<T>, without: (state: T) => T): History<T> {
  const states = steps.slice(0, at + 1).map(({ label, state }) => ({ label, state: without(state) }));
  const kept = states.filter(({ state }, number) => number === 0 || !isSame(state, states[number - 1]!.state));
  return { steps: kept, at: kept.length - 1 };
}

/** A history before a part of it was sent, and after. */
export interface Sent<T> {
  before: History<T>;
  after: History<T>;
}

/** What was sent in vain is there again: with its steps where nothing was done since, else as one step. */
export function returned<T>(now: History<T>, { before, after }: Sent<T>, label: string, withSent: (state: T) => T): History<T> {
  return now === after ? before : done(now, label, withSent(stateOf(now)));
}

function isSame<T>(one: T, other: T): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function stateOf<T>({ steps, at }: History<T>): T {
  return steps[at]!.state;
}

export interface Doing<T> {
  now: T;
  history: History<T>;
  do: (label: string, change: (now: T) => T) => void;
  goTo: (at: number) => void;
  undo: () => void;
  redo: () => void;
  /** Takes away what was sent; answers how it comes back, if it was in vain. */
  leave: (without: (state: T) => T) => (label: string, withSent: (state: T) => T) => void;
}

/** State that can be taken back, step by step. */
export function useHistory<T>(first: T): Doing<T> {
  const [history, setHistory] = useState(() => begun(first));
  const act = useCallback(
    (label: string, change: (now: T) => T) => setHistory((now) => done(now, label, change(stateOf(now)))),
    [],
  );
  const latest = useRef(history);
  useEffect(() => void (latest.current = history), [history]);
  const leave: Doing<T>["leave"] = (without) => {
    const before = latest.current;
    const after = left(before, without);
    setHistory(after);
    return (label, withSent) => setHistory((now) => returned(now, { before, after }, label, withSent));
  };
  const goTo = useCallback((at: number) => setHistory((now) => movedTo(now, at)), []);
  return {
    now: stateOf(history),
    history,
    do: act,
    goTo,
    undo: () => goTo(history.at - 1),
    redo: () => goTo(history.at + 1),
    leave,
  };
}
