import { afterEach, expect, test, vi } from "vitest";
import { Session } from "./session";

const KEPT = "roto-hub-refresh";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  localStorage.clear();
});

/** Answers each refresh token that is sent by itself; undefined is a hub that does not answer. */
function hub(answers: Record<string, () => Response>): string[] {
  const sent: string[] = [];
  const speak = (_path: string, { body }: { body: string }) => {
    const { refresh } = JSON.parse(body) as { refresh: string };
    sent.push(refresh);
    const give = answers[refresh];
    return give ? Promise.resolve(give()) : Promise.reject(new TypeError("Failed to fetch"));
  };
  vi.stubGlobal("fetch", speak);
  return sent;
}

const ADA = { expires_s: 900, user_id: "ada" };
const pair = (access: string, refresh: string) => () => Response.json({ ...ADA, access, refresh });
const over = () => new Response("", { status: 401 });

test("a refresh token that is over is no log-out where another tab has a newer one", async () => {
  localStorage.setItem(KEPT, "old");
  const renewedElsewhere = () => (localStorage.setItem(KEPT, "new"), over());
  const sent = hub({ old: renewedElsewhere, new: pair("a", "newest") });
  expect(await new Session().access()).toBe("a");
  expect(sent).toEqual(["old", "new"]);
  expect(localStorage.getItem(KEPT)).toBe("newest");
});

test("a refresh token that is over ends the log-in", async () => {
  localStorage.setItem(KEPT, "old");
  hub({ old: over });
  const session = new Session();
  expect(await session.access()).toBe("");
  expect(session.isOpen).toBe(false);
});

test("a tab that finds a log-in to be over leaves its token to the others, and follows who logs in again", async () => {
  localStorage.setItem(KEPT, "old");
  hub({ old: over, new: pair("a", "newest") });
  const session = new Session();
  expect(await session.access()).toBe("");
  expect(localStorage.getItem(KEPT)).toBe("old");
  const told = vi.fn();
  session.subscribe(told);
  localStorage.setItem(KEPT, "new");
  window.dispatchEvent(new StorageEvent("storage", { key: KEPT, newValue: "new" }));
  expect(told).toHaveBeenCalled();
  expect([session.isOpen, await session.access()]).toEqual([true, "a"]);
});

test("a token that the hub takes for too old is replaced once, whatever the clock here says", async () => {
  const session = new Session();
  session.open({ ...ADA, access: "a", refresh: "old" });
  const sent = hub({ old: pair("b", "new") });
  session.giveUp("a");
  expect(await session.access()).toBe("b");
  session.giveUp("a"); // of a request that was answered late
  expect(await session.access()).toBe("b");
  expect(sent).toEqual(["old"]);
});

test("who logs out while the tokens are being renewed stays logged out", async () => {
  localStorage.setItem(KEPT, "old");
  const session = new Session();
  hub({ old: () => (session.close(), pair("a", "new")()) });
  expect(await session.access()).toBe("");
  expect(session.isOpen).toBe(false);
});

test("who logs out in another tab is logged out here at once", async () => {
  localStorage.setItem(KEPT, "old");
  hub({ old: pair("a", "new") });
  const session = new Session();
  expect(await session.access()).toBe("a");
  const told = vi.fn();
  session.subscribe(told);
  localStorage.removeItem(KEPT);
  window.dispatchEvent(new StorageEvent("storage", { key: KEPT, newValue: null }));
  expect(told).toHaveBeenCalled();
  expect([session.isOpen, await session.access()]).toEqual([false, ""]);
});

test("who logs out while the hub does not answer is logged out", async () => {
  const session = new Session();
  session.open({ ...ADA, access: "a", refresh: "r" });
  const sent = hub({});
  session.close();
  expect(session.isOpen).toBe(false);
  await vi.waitFor(() => expect(sent).toEqual(["r"]));
});

/** A session of somebody at work that the hub has ended, and what waits for its next token. */
async function lapsed(): Promise<{ session: Session; waiting: Promise<string> }> {
  vi.useFakeTimers({ toFake: ["Date"] });
  const session = new Session();
  session.open({ ...ADA, access: "a", refresh: "old" });
  hub({ old: over, new: pair("c", "newest") });
  vi.advanceTimersByTime(1000 * ADA.expires_s);
  const waiting = session.access();
  await vi.waitFor(() => expect(session.isLapsed).toBe(true));
  return { session, waiting };
}

test("a log-in that the hub ends while somebody works waits until they log in again", async () => {
  const { session, waiting } = await lapsed();
  expect(session.isOpen).toBe(true);
  session.open({ ...ADA, access: "b", refresh: "new" });
  expect(await waiting).toBe("b");
  expect(session.isLapsed).toBe(false);
});

test("who logs in again in another tab goes on in this one too", async () => {
  const { session, waiting } = await lapsed();
  localStorage.setItem(KEPT, "new");
  window.dispatchEvent(new StorageEvent("storage", { key: KEPT, newValue: "new" }));
  expect(await waiting).toBe("c");
  expect(session.isLapsed).toBe(false);
});

test("who logs out instead sends nothing more", async () => {
  const { session, waiting } = await lapsed();
  session.close();
  expect(await waiting).toBe("");
  expect([session.isOpen, session.isLapsed]).toEqual([false, false]);
});

test("somebody else who logs in gets a new page, and nothing of what waits is sent for them", async () => {
  const { session, waiting } = await lapsed();
  const reload = vi.fn();
  vi.stubGlobal("location", { reload });
  session.open({ access: "v", refresh: "vics", expires_s: 900, user_id: "vic" });
  expect(reload).toHaveBeenCalledOnce();
  expect(localStorage.getItem(KEPT)).toBe("vics");
  expect(await Promise.race([waiting, Promise.resolve("nothing yet")])).toBe("nothing yet");
  expect(session.isLapsed).toBe(true);
});
