import { useEffect, useRef } from "react";
import { begins, playing, type Range } from "./clock";

/** `speed` is in frames at a time, 0 for standing still, negative for backwards. */
export interface Pace {
  speed: number;
  loops: boolean;
}

export type SetPace = (change: (now: Pace) => Pace) => void;

/** Moves on from frame to frame. Time stands still while a frame is not here. Without a loop it stops when it comes to the
 * end, and begins again where it stands there. */
export function usePlaying(
  { speed, loops }: Pace,
  setPace: SetPace,
  { fps, range }: { fps: number; range: Range },
  frame: number,
  shown: number | null,
  onFrame: (frame: number) => void,
): void {
  const due = useRef(0);
  useEffect(() => {
    if (speed === 0 || shown !== frame) return undefined;
    const [start, end] = speed > 0 ? [range.first, range.last] : [range.last, range.first];
    if (!loops && frame === end) return onFrame(start);
    const began = begins(due.current, performance.now(), fps);
    let request = requestAnimationFrame(function tick(moment) {
      const now = playing(frame, (moment - began) / 1000, fps, speed, range, loops);
      if (now === frame) return void (request = requestAnimationFrame(tick));
      due.current = moment - ((moment - began) % (1000 / (fps * Math.abs(speed))));
      onFrame(now);
      if (!loops && now === end) setPace((before) => ({ ...before, speed: 0 }));
    });
    return () => cancelAnimationFrame(request);
  }, [speed, loops, setPace, shown, frame, fps, range, onFrame]);
}
