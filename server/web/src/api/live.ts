import type { QueryClient } from "@tanstack/react-query";
import { session } from "../session/session";

/** What has to be asked again after an event; the first word of an event's kind is its subject. */
const STALE: Record<string, string[]> = {
  job: ["jobs", "status", "workers"],
  shot: ["shots", "shot", "status", "projects", "review-queue"],
  version: ["versions", "status", "history", "shots", "projects", "review-queue"],
  note: ["history"],
  project: ["projects"],
};

const PAUSE_MS = 1000;
const TOKEN_IS_OVER = 4401;
/** The kind of the one event that stands for more of them than the hub tells one after the other. */
const MISSED = "missed";
const GATHER_MS = 150;

/** Keeps what is shown up to date; after a lost connection it goes on from the last event that it saw. */
export function followEvents(client: QueryClient, onConnection: (isUp: boolean) => void): () => void {
  let last: number | null = null;
  let isOver = false;
  let wasLost = false;
  let socket: WebSocket | null = null;
  const stale = new Set<string>();

  const renew = () => {
    for (const name of stale) void client.invalidateQueries({ queryKey: [name] });
    stale.clear();
    void client.invalidateQueries({ queryKey: ["notices"] });
  };

  const connect = async () => {
    const access = await session.access().catch(() => "");
    if (isOver || access === "") return void (isOver || setTimeout(connect, PAUSE_MS));
    const after = last === null ? "" : `?after=${last}`;
    socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/live${after}`);
    socket.onopen = () => socket?.send(access);
    socket.onmessage = (message) => {
      const event = JSON.parse(message.data as string) as { kind: string; id?: number };
      if (event.kind === "ready") {
        onConnection(true);
        if (wasLost && last === null) void client.invalidateQueries(); // it is not known what was missed
        else if (wasLost) void client.invalidateQueries({ predicate: ({ state }) => state.status === "error" });
        wasLost = false;
      }
      if (event.id === undefined) return;
      last = event.id;
      if (event.kind === MISSED) void client.invalidateQueries();
      for (const name of STALE[event.kind.split(".")[0] ?? ""] ?? []) {
        if (stale.size === 0) setTimeout(renew, GATHER_MS);
        stale.add(name);
      }
    };
    socket.onclose = ({ code }) => {
      wasLost = true;
      if (code === TOKEN_IS_OVER) session.giveUp(access); // the next one comes by itself
      else onConnection(false);
      if (!isOver) setTimeout(connect, PAUSE_MS);
    };
  };

  void connect();
  return () => {
    isOver = true;
    socket?.close();
  };
}
