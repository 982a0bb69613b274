import { expect, test } from "vitest";
import type { Queued } from "./client";
import { nextAfter } from "./review-queue";

const QUEUE = ["one", "two", "three"].map((shot_id) => ({ shot_id }) as Queued);

test("the shot after the one that was judged comes next, and those that were left out after the last", () => {
  const next = (shot: string) => nextAfter(shot, QUEUE)?.shot_id;
  expect(["one", "two", "three", "another"].map(next)).toEqual(["two", "three", "one", "one"]);
  expect(nextAfter("one", QUEUE.slice(0, 1))).toBeUndefined();
});
