/** What of a job decides where it stands in the queue: urgent ones first, of equals the oldest. */
export interface Placed {
  id: string;
  priority: number;
  created_at: string;
  may_manage: boolean;
}

const HIGHEST = 100;
/** What is put at either end stands so far from its neighbour at most, which leaves room between. */
const ROOM = 10;

/** The new priorities, by their jobs' ids, that bring jobs into this order: for the one that was moved, and for as few
 * others as can be. Null where none do: the scale is full, or jobs stand in the way that are not one's own to move.
 *
 * Where a younger job stands before an older one the priority has to fall; elsewhere it must not rise. With the falls so
 * far added, a level, that is one rule: levels never rise. */
export function prioritiesFor(order: readonly Placed[], moved: string): Map<string, number> | null {
  const falls = fallsOf(order);
  const lowest = falls.at(-1) ?? 0;
  const levels = order.map((job, place) => job.priority + (falls[place] ?? 0));
  const fits = (level: number) => level >= lowest && level <= HIGHEST;
  const fixed = order.flatMap((job, place) => (job.may_manage ? [] : [place]));
  const stay = fixed.every((place) => fits(levels[place]!)) && neverRises(fixed.map((place) => levels[place]!));
  if (lowest > HIGHEST || !stay) return null;
  const free = order.flatMap((job, place) => (job.id !== moved && fits(levels[place]!) ? [place] : []));
  const kept = longestThatStays(free.filter((place) => agrees(levels, place, fixed)), levels);
  const placed = between(levels, kept, order.findIndex((job) => job.id === moved), lowest);
  const changed = order.map((job, place) => [job.id, placed[place]! - falls[place]!] as const);
  return new Map(changed.filter(([, priority], place) => priority !== order[place]!.priority));
}

/** The order after one was taken to another place. */
export function reordered<T extends { id: string }>(jobs: readonly T[], id: string, to: number): T[] {
  const rest = jobs.filter((job) => job.id !== id);
  return [...rest.slice(0, to), ...jobs.filter((job) => job.id === id), ...rest.slice(to)];
}

function fallsOf(order: readonly Placed[]): number[] {
  let falls = 0;
  return order.map((job, place) => {
    const before = order[place - 1];
    if (before !== undefined && age(job) < age(before)) falls += 1;
    return falls;
  });
}

/** Moments as texts that sort: whole seconds come without a fraction. */
function age({ created_at, id }: Placed): string {
  return created_at.replace(/(:\d\d)(Z|\+00:00)$/, "$1.000000$2") + id;
}

function neverRises(levels: number[]): boolean {
  return levels.every((level, place) => place === 0 || level <= levels[place - 1]!);
}

function agrees(levels: number[], place: number, fixed: number[]): boolean {
  const level = levels[place]!;
  return fixed.every((other) => (other <= place ? levels[other]! >= level : levels[other]! <= level));
}

/** The most of these places whose levels never rise. */
function longestThatStays(places: number[], levels: number[]): number[] {
  const best: { length: number; before: number }[] = [];
  places.forEach((place, at) => {
    const mine = { length: 1, before: -1 };
    for (let before = 0; before < at; before += 1) {
      const longer = best[before]!.length + 1 > mine.length;
      if (longer && levels[places[before]!]! >= levels[place]!) Object.assign(mine, { length: best[before]!.length + 1, before });
    }
    best.push(mine);
  });
  const kept: number[] = [];
  let at = best.reduce((longest, one, place) => (one.length > (best[longest]?.length ?? 0) ? place : longest), -1);
  for (; at >= 0; at = best[at]!.before) kept.unshift(places[at]!);
  return kept;
}

/** Levels for all: those kept as they are, others as near to theirs as fits, and the moved one midway. */
function between(levels: number[], kept: number[], moved: number, lowest: number): number[] {
  const placed = [...levels];
  const next = (place: number) => kept.find((one) => one > place);
  let above = HIGHEST;
  levels.forEach((level, place) => {
    if (place === moved) return;
    const below = next(place) === undefined ? lowest : levels[next(place)!]!;
    above = kept.includes(place) ? level : Math.min(above, Math.max(level, below));
    placed[place] = above;
  });
  const over = placed[moved - 1];
  const under = placed[moved + 1];
  const top = over ?? Math.min(HIGHEST, (under ?? levels[moved]!) + ROOM);
  const bottom = under ?? Math.max(lowest, (over ?? levels[moved]!) - ROOM);
  placed[moved] = Math.floor((top + bottom) / 2);
  return placed;
}
