import { expect, test } from "vitest";
import type { Shot } from "../../api/client";
import { doEach, sentenceOfOutcome } from "./in-bulk";

const SHOTS = ["a", "b", "c", "d", "e", "f", "g"].map((name) => ({ id: name, name }) as Shot);

test("one that fails keeps no other from being done, and few are under way at once", async () => {
  const counts: number[] = [];
  let underWay = 0;
  let most = 0;
  const act = async (shot: Shot) => {
    most = Math.max(most, ++underWay);
    await Promise.resolve();
    underWay--;
    if (shot.name === "c") throw new Error("It was changed meanwhile.");
    return shot.name;
  };
  const outcome = await doEach(SHOTS, act, (count) => counts.push(count));
  expect(outcome.done.sort().join("")).toBe("abdefg");
  expect(outcome.failed).toEqual([{ name: "c", why: "It was changed meanwhile." }]);
  expect(counts.at(-1)).toBe(7);
  expect(most).toBe(4);
});

test("it is said how many were done, and which were not", () => {
  expect(sentenceOfOutcome({ done: [1], failed: [] }, "deleted")).toBe("1 shot deleted.");
  const failed = SHOTS.map(({ name }) => ({ name, why: "No." }));
  const said = sentenceOfOutcome({ done: [], failed }, "assigned to Bob");
  expect(said).toBe("0 shots assigned to Bob. 7 not: a: No. b: No. c: No. d: No. e: No. And 2 more.");
});
