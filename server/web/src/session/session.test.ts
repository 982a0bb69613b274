import { afterEach, expect, test, vi } from "vitest";
import { Session } from "./session";

const KEPT = "roto-hub-refresh";

afterEach(() => {
  vi.unstubAllGlobals();
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

const pair = (access: string, refresh: string) => () => Response.json({ access, refresh, expires_s: 900 });
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
  session.open({ access: "a", refresh: "r", expires_s: 900 });
  const sent = hub({});
  session.close();
  expect(session.isOpen).toBe(false);
  await vi.waitFor(() => expect(sent).toEqual(["r"]));
});
