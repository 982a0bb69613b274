import { expect, test } from "vitest";
import { timecode } from "./timecode";

test.each([
  [0, 24, "00:00:00:00"],
  [1001, 24, "00:00:41:17"],
  [1001, 23.976, "00:00:41:17"],
  [30, 29.97, "00:00:01:00"],
  [90_000, 25, "01:00:00:00"],
  [-5, 25, "-00:00:00:05"],
])("frame %d at %d frames a second is %s", (frame, fps, expected) => {
  expect(timecode(frame, fps)).toBe(expected);
});
