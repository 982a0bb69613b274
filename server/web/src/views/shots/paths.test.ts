import { expect, test } from "vitest";
import { platesOf } from "./paths";

test("a line is a name and a path, and names may hold spaces as paths may", () => {
  expect(platesOf("sh010 /show/sh010/plate.####.exr\n\n  the tree\t/show/the tree/v 2.mov ")).toEqual([
    { name: "sh010", path: "/show/sh010/plate.####.exr" },
    { name: "the tree", path: "/show/the tree/v 2.mov" },
  ]);
});

test("a path alone gives its file's name, without the frame's number and the ending", () => {
  const named = (path: string) => platesOf(path)[0]?.name;
  expect(named("/show/sh010_plate.####.exr")).toBe("sh010_plate");
  expect(named("/show/sh010_plate.%04d.exr")).toBe("sh010_plate");
  expect(named("/show/sh010_plate.1001.exr")).toBe("sh010_plate");
  expect(named("/show/sh010_plate_v02.mov")).toBe("sh010_plate_v02");
  expect(named(String.raw`\\server\show\sh020.mov`)).toBe("sh020");
  expect(named(String.raw`P:\my show\sh030.mov`)).toBe("sh030");
  expect(named("/show/1001.exr")).toBe("1001");
});
