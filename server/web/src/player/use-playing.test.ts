import { act, renderHook } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { type Pace, usePlaying } from "./use-playing";

afterEach(() => void vi.useRealTimers());

const PLAYING: Pace = { speed: 1, loops: true };
const setPace = () => undefined;

test.each([23.976, 24, 25, 30])("ten seconds of %d frames a second are played in ten seconds, on a screen of another rate", (fps) => {
  vi.useFakeTimers({ toFake: ["requestAnimationFrame", "cancelAnimationFrame", "performance"] });
  const footage = { fps, range: { first: 1001, last: 2000 } };
  const { result } = renderHook(() => {
    const [frame, setFrame] = useState(1001);
    usePlaying(PLAYING, setPace, footage, frame, frame, setFrame);
    return frame;
  });
  for (let ms = 0; ms < 10_000; ms += 10) act(() => void vi.advanceTimersByTime(10));
  expect(Math.abs(result.current - 1001 - 10 * fps)).toBeLessThan(2);
});
