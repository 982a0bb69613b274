/** Which frame plays when. It never shows a frame that is not there: it waits, so that what is seen is what was asked. */

export interface Range {
  first: number;
  last: number;
}

/** A frame inside a range. */
export function within(frame: number, { first, last }: Range): number {
  return Math.min(Math.max(frame, first), last);
}

/** The frame after so many steps, going round at the ends. */
export function stepped(frame: number, steps: number, { first, last }: Range): number {
  const length = last - first + 1;
  return first + ((((frame - first + steps) % length) + length) % length);
}

/** The frame to be shown `elapsed_s` after `start` was, at a speed (−1 is backwards); without a loop it ends at the ends. */
export function playing(start: number, elapsed_s: number, fps: number, speed: number, range: Range, loops = true): number {
  const steps = Math.trunc(elapsed_s * fps * Math.abs(speed)) * Math.sign(speed);
  return loops ? stepped(start, steps, range) : within(start + steps, range);
}

/** When a frame's time began: when it was due, so that what one comes late by is made up for by the next; where it had to be
 * waited for, now. All in ms. */
export function begins(due: number, now: number, fps: number): number {
  return now - due < 1000 / fps ? due : now;
}

/** The frames to be loaded next, the nearest in the direction of play first. */
export function ahead(frame: number, count: number, direction: number, range: Range): number[] {
  const length = Math.min(count, range.last - range.first + 1);
  return Array.from({ length }, (_, number) => stepped(frame, number * (direction < 0 ? -1 : 1), range));
}

/** The next of these frames in a direction, going round; null where there is none. */
export function nextOf(frames: number[], frame: number, direction: 1 | -1): number | null {
  const sorted = [...new Set(frames)].sort((one, other) => direction * (one - other));
  return sorted.find((one) => direction * (one - frame) > 0) ?? sorted[0] ?? null;
}
