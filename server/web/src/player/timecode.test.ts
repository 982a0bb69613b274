import { expect, test } from "vitest";
import { timecode, typedFrame } from "./timecode";

const TOLD: [number, number, string][] = [
  [0, 24, "00:00:00:00"],
  [1001, 24, "00:00:41:17"],
  [1001, 23.976, "00:00:41:17"],
  [30, 29.97, "00:00:01:00"],
  [90_000, 25, "01:00:00:00"],
  [-5, 25, "-00:00:00:05"],
];

test.each(TOLD)("frame %d at %d frames a second is %s, there and back", (frame, fps, told) => {
  expect(timecode(frame, fps)).toBe(told);
  expect(typedFrame(told, fps)).toBe(frame);
});

test("a frame may be typed by its number, or by the end of its timecode", () => {
  expect(typedFrame(" 1040 ", 24)).toBe(1040);
  expect(typedFrame("41:17", 24)).toBe(1001);
  expect(typedFrame("last one", 24)).toBeNull();
});
