import { expect, test } from "vitest";
import { counted } from "./counted";

test("one is told as one, and none or several as several", () => {
  expect([0, 1, 2].map((count) => counted(count, "frame"))).toEqual(["0 frames", "1 frame", "2 frames"]);
});

test("what takes more than an s is told as it is said", () => {
  expect([1, 2].map((count) => counted(count, "box", "boxes"))).toEqual(["1 box", "2 boxes"]);
});
