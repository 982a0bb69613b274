import { expect, test } from "vitest";
import { boxOf, plateAt } from "./pointing";

const PLATE = { width: 1920, height: 1080 };

test("a pointer is on the plate's own pixels, however large the picture is shown", () => {
  const room = { left: 100, top: 50, width: 960, height: 740 } as DOMRect; // 100 px of room above and below
  expect(plateAt([100, 150], room, PLATE)).toEqual([0, 0]);
  expect(plateAt([580, 420], room, PLATE)).toEqual([960, 540]);
  expect(plateAt([580, 120], room, PLATE)).toBeNull();
});

test("a box has its corners in order, however it was drawn", () => {
  expect(boxOf([30, 10], [20, 40])).toEqual([20, 10, 30, 40]);
});
