import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FrameStore } from "./frame-store";

const BYTES = 4 * 10 * 10;
const FRAMES = [1, 2, 3, 4, 5, 6, 7, 8];

/** A decoded picture, as far as the store looks at it. */
class Bitmap {
  width = 10;
  height = 10;
  close = () => (isOpen.delete(this), undefined);
}

const isOpen = new Set<Bitmap>();
let asked: string[] = [];

beforeEach(() => {
  asked = [];
  isOpen.clear();
  vi.stubGlobal("ImageBitmap", Bitmap);
  vi.stubGlobal("createImageBitmap", () => {
    const made = new Bitmap();
    isOpen.add(made);
    return Promise.resolve(made);
  });
  vi.stubGlobal("fetch", ({ url }: Request) => (asked.push(url), Promise.resolve(new Response("jpeg"))));
});

afterEach(() => vi.unstubAllGlobals());

/** The addresses of frames of a plate and one mask. */
function files(frames: number[]): string[][] {
  return frames.map((frame) => [`plate/${frame}`, `mask/${frame}`]);
}

/** The frames that are held whole, once nothing is loaded any more. */
async function held(store: FrameStore): Promise<number[]> {
  await new Promise((done) => setTimeout(done, 30));
  return FRAMES.filter((frame) => files([frame]).flat().every((path) => store.get(path)));
}

test("it looks only as far ahead as there is room for, and on as frames are left behind", async () => {
  const store = new FrameStore(6 * BYTES);
  store.want(files(FRAMES));
  const first = await held(store);
  expect(first.slice(0, 3)).toEqual([1, 2, 3]);
  expect(first.length).toBeLessThan(6);
  expect(isOpen.size).toBe(asked.length);
  store.want(files(FRAMES.slice(4)));
  expect(await held(store)).toEqual(expect.arrayContaining([5, 6, 7]));
  expect(isOpen.size).toBeLessThanOrEqual(9);
  expect(new Set(asked).size, "nothing was loaded twice").toBe(asked.length);
});

test("who goes back gets the frame, and what is farthest ahead makes room for it", async () => {
  const store = new FrameStore(6 * BYTES);
  store.want(files([5, 6, 7, 8]));
  await held(store);
  for (const frame of [4, 3, 2, 1]) {
    store.want(files(FRAMES.slice(frame - 1)));
    expect(await held(store)).toContain(frame);
  }
  expect(await held(store)).toEqual(expect.arrayContaining([1, 2, 3]));
  expect(isOpen.size).toBeLessThanOrEqual(9);
});

test("a frame that has more than there is room for is loaded all the same", async () => {
  const store = new FrameStore(BYTES);
  store.want(files(FRAMES));
  expect(await held(store)).toContain(1);
  store.want(files([8, 1]));
  expect(await held(store)).toContain(8);
});

test("what was painted here stays, however much is loaded", async () => {
  const store = new FrameStore(6 * BYTES);
  const painted = new Bitmap();
  store.put("painted/a", painted as never);
  for (const frame of FRAMES) {
    store.want(files([frame]));
    await held(store);
  }
  expect(store.get("painted/a")).toBe(painted);
});
