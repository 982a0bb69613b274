import type { Shot } from "../../api/client";

/** The shots that were picked, by their ids, and the one from which a range goes. */
export interface Selection {
  picked: ReadonlyMap<string, Shot>;
  anchor: string | null;
}

export const NOTHING: Selection = { picked: new Map(), anchor: null };

export function all(shots: Shot[]): Selection {
  return { picked: new Map(shots.map((shot) => [shot.id, shot])), anchor: null };
}

/** Picks a shot, or leaves it; a range goes from it. */
export function toggled({ picked }: Selection, shot: Shot): Selection {
  const next = new Map(picked);
  if (!next.delete(shot.id)) next.set(shot.id, shot);
  return { picked: next, anchor: shot.id };
}

/** Picks everything from where the range begins to a shot, in the order in which they are shown. */
export function ranged(selection: Selection, shown: Shot[], to: Shot): Selection {
  const begin = shown.findIndex((one) => one.id === selection.anchor);
  const end = shown.findIndex((one) => one.id === to.id);
  if (begin < 0 || end < 0) return toggled(selection, to);
  const between = shown.slice(Math.min(begin, end), Math.max(begin, end) + 1);
  return { picked: new Map([...selection.picked, ...between.map((one) => [one.id, one] as const)]), anchor: selection.anchor };
}

/** The same shots as they are by now; those that are gone are not picked any more. */
export function renewed({ picked, anchor }: Selection, shots: Shot[], gone: ReadonlySet<string> = new Set()): Selection {
  const next = new Map([...picked].filter(([id]) => !gone.has(id)));
  for (const shot of shots) if (next.has(shot.id)) next.set(shot.id, shot);
  return { picked: next, anchor };
}
