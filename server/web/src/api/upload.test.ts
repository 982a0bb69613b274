import { afterEach, expect, test, vi } from "vitest";
import { api, type OpenUpload, Problem } from "./client";
import { planOf, shotNameOf, uploadPlate } from "./upload";

afterEach(() => void vi.restoreAllMocks());

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

test("a piece that is refused for its token is sent again from where the hub is", async () => {
  const sent: unknown[] = [];
  const answers = [() => Promise.reject(new Problem(401, "Log in.", "")), () => Promise.resolve({ data: { received: 2000 } })];
  vi.spyOn(api, "GET").mockImplementation(((path: string) =>
    Promise.resolve({ data: path.includes("projects") ? [CUT] : { received: 900 } })) as never);
  vi.spyOn(api, "PATCH").mockImplementation(((_path: string, { params }: { params: { query: { offset: number } } }) => {
    sent.push(params.query.offset);
    return answers.shift()?.();
  }) as never);
  const piece = { arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) }; // jsdom's files cannot be read
  const file = { name: "sh010_plate.v002.mov", size: 2000, slice: () => piece } as unknown as File;
  await uploadPlate("p1", file, { signal: new AbortController().signal, onSent: () => undefined });
  expect(sent).toEqual([700, 900]);
});
