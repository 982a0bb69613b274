import { expect, test } from "vitest";
import { ago, duration } from "./times";

test.each([
  [0, "0 s"],
  [0.4, "under 1 s"],
  [59.4, "59 s"],
  [59.6, "1 min"],
  [90, "2 min"],
  [3600, "1 h"],
  [3900, "1 h 5 min"],
  [200_000, "2 d"],
])("%d seconds are %s", (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

test("what was a moment ago is not counted", () => {
  const now = Date.parse("2026-01-01T12:00:00Z");
  expect(ago("2026-01-01T11:59:57Z", now)).toBe("just now");
  expect(ago("2026-01-01T11:55:00Z", now)).toBe("5 min ago");
  expect(ago("2026-01-01T06:20:00Z", now)).toBe("5 h ago");
  expect(ago("2025-12-30T06:20:00Z", now)).toBe("2 d ago");
});
