import { expect, test } from "vitest";
import type { OpenUpload } from "./client";
import { planOf, shotNameOf } from "./upload";

const CUT: OpenUpload = {
  id: "u1",
  shot_id: "s1",
  shot_name: "sh010_plate.v002",
  file_name: "sh010_plate.v002.mov",
  size: 2000,
  received: 700,
  created_at: "2026-03-01T10:00:00Z",
};

test("a file that was never begun is begun", () => {
  expect(planOf({ name: "sh020.mov", size: 2000 }, [CUT])).toEqual({ kind: "begin" });
  expect(planOf({ name: "sh010_plate.v002.mov", size: 2000 }, [])).toEqual({ kind: "begin" });
});

test("the same file goes on where it was cut", () => {
  expect(planOf({ name: "sh010_plate.v002.mov", size: 2000 }, [CUT])).toEqual({ kind: "go on", upload: CUT });
});

test("another file under the same name is not mixed into the first", () => {
  expect(planOf({ name: "sh010_plate.v002.mov", size: 2001 }, [CUT]).kind).toBe("other file");
});

test("a shot is called like its file, without the last ending", () => {
  expect(shotNameOf("sh010_plate.v002.mov")).toBe("sh010_plate.v002");
  expect(shotNameOf("sh010")).toBe("sh010");
});
