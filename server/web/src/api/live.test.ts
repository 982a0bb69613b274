import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { session } from "../session/session";
import { followEvents } from "./live";

afterEach(() => vi.unstubAllGlobals());

/** A hub's end of the WebSocket. */
class Socket {
  static opened: Socket[] = [];
  onmessage: (message: { data: string }) => void = () => undefined;

  constructor(readonly address: string) {
    Socket.opened.push(this);
  }

  say(event: object): void {
    this.onmessage({ data: JSON.stringify(event) });
  }

  close(): void {}
}

test("what is shown is all asked again where more was missed than the hub tells", async () => {
  vi.stubGlobal("WebSocket", Socket);
  vi.spyOn(session, "access").mockResolvedValue("a");
  const client = new QueryClient();
  client.setQueryData(["teams"], []);
  const stop = followEvents(client, () => undefined);
  await vi.waitFor(() => expect(Socket.opened).toHaveLength(1));
  Socket.opened[0]?.say({ kind: "ready" });
  Socket.opened[0]?.say({ kind: "job.changed", id: 7 });
  expect(client.getQueryState(["teams"])?.isInvalidated).toBe(false);
  Socket.opened[0]?.say({ kind: "missed", id: 9000 });
  expect(client.getQueryState(["teams"])?.isInvalidated).toBe(true);
  stop();
});
