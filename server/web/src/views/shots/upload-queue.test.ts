import { expect, test, vi } from "vitest";
import { UploadQueue } from "./upload-queue";

const PROJECT = "p1";
const fileOf = (name: string) => new File(["0123456789"], name);

/** A queue whose files are sent when the test says so. */
function slowQueue() {
  const ends = new Map<string, { done: () => void; fail: (why: string) => void }>();
  const send = vi.fn(
    (_project: string, file: File, { signal }: { signal: AbortSignal }) =>
      new Promise<void>((done, fail) => {
        ends.set(file.name, { done, fail: (why) => fail(new Error(why)) });
        signal.addEventListener("abort", () => fail(new Error("stopped")));
      }),
  );
  const queue = new UploadQueue(send);
  return { queue, send, ends, stages: () => queue.all.map((one) => one.stage).join() };
}

test("two files are sent at once, and the next one when there is room", async () => {
  const { queue, ends, stages } = slowQueue();
  queue.add(PROJECT, ["a.mov", "b.mov", "c.mov"].map(fileOf));
  expect(stages()).toBe("sending,sending,waiting");
  ends.get("a.mov")?.done();
  await vi.waitFor(() => expect(stages()).toBe("sent,sending,sending"));
});

test("one that is paused makes room, and waits for its turn when it is to go on", async () => {
  const { queue, stages } = slowQueue();
  queue.add(PROJECT, ["a.mov", "b.mov", "c.mov"].map(fileOf));
  queue.pause(queue.all[0]!.id);
  await vi.waitFor(() => expect(stages()).toBe("paused,sending,sending"));
  queue.resume(queue.all[0]!.id);
  expect(stages()).toBe("waiting,sending,sending");
});

test("one that is paused and goes on at once is sent again", async () => {
  const { queue, send, stages } = slowQueue();
  queue.add(PROJECT, [fileOf("a.mov")]);
  queue.pause(queue.all[0]!.id);
  queue.resume(queue.all[0]!.id);
  await vi.waitFor(() => expect(stages()).toBe("sending"));
  expect(send).toHaveBeenCalledTimes(2);
});

test("one that failed says why, and is tried again when its file is dropped again", async () => {
  const { queue, ends, stages } = slowQueue();
  queue.add(PROJECT, [fileOf("a.mov")]);
  ends.get("a.mov")?.fail("The disk is full.");
  await vi.waitFor(() => expect(queue.all[0]).toMatchObject({ stage: "failed", problem: "The disk is full." }));
  queue.add(PROJECT, [fileOf("a.mov")]);
  expect(stages()).toBe("sending");
  queue.add(PROJECT, [fileOf("a.mov")]);
  expect(queue.all).toHaveLength(1);
});
