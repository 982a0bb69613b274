import { useEffect } from "react";
import { playing, type Range } from "./clock";

/** `speed` is in frames at a time, 0 for standing still, negative for backwards. */
export interface Pace {
  speed: number;
  loops: boolean;
}

export type SetPace = (change: (now: Pace) => Pace) => void;

/** Moves on from frame to frame. Time stands still while a frame is not here: it begins anew at every frame shown. */
export function usePlaying(
  { speed, loops }: Pace,
  setPace: SetPace,
  { fps, range }: { fps: number; range: Range },
  frame: number,
  shown: number | null,
  onFrame: (frame: number) => void,
): void {
  useEffect(() => {
    if (speed === 0 || shown !== frame) return undefined;
    if (!loops && frame === (speed > 0 ? range.last : range.first)) return setPace((now) => ({ ...now, speed: 0 }));
    const began = performance.now();
    let request = requestAnimationFrame(function tick(moment) {
      const now = playing(frame, (moment - began) / 1000, fps, speed, range, loops);
      if (now !== frame) onFrame(now);
      else request = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(request);
  }, [speed, loops, setPace, shown, frame, fps, range, onFrame]);
}
