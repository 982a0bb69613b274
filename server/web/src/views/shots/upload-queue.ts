import { sentenceOf } from "../../api/client";
import { uploadPlate } from "../../api/upload";
import { session } from "../../session/session";

const AT_ONCE = 2;

type Stage = "waiting" | "sending" | "paused" | "failed" | "sent";

/** A file on its way to the hub. */
export interface Sending {
  id: number;
  project: string;
  name: string;
  size: number;
  sent: number;
  stage: Stage;
  problem: string;
}

type Send = typeof uploadPlate;

/** Files on their way: a few at once, each of which can be paused, gone on with and tried again. They go on while one looks
 * at other views; who logs out stops them. */
export class UploadQueue {
  all: readonly Sending[] = [];
  private last = 0;
  private files = new Map<number, File>();
  private stops = new Map<number, AbortController>();
  private listeners = new Set<() => void>();

  constructor(private readonly send: Send = uploadPlate) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Files that are on their way already are not sent twice: one that stands still goes on. */
  add(project: string, files: File[]): void {
    for (const file of files) {
      const same = this.all.find((one) => one.project === project && one.name === file.name && one.size === file.size);
      if (same !== undefined && same.stage !== "sent") this.resume(same.id);
      else this.append(project, file);
    }
    this.next();
  }

  pause(id: number): void {
    this.change(id, { stage: "paused" });
    this.stops.get(id)?.abort();
  }

  /** Goes on with one that was paused, or tries one again that failed. */
  resume(id: number): void {
    const stage = this.all.find((one) => one.id === id)?.stage;
    if (stage === "paused" || stage === "failed") this.change(id, { stage: "waiting", problem: "" });
    this.next();
  }

  /** Takes one out of the list; what the hub has of it stays there. */
  remove(id: number): void {
    this.stops.get(id)?.abort();
    this.files.delete(id);
    this.set(this.all.filter((one) => one.id !== id));
    this.next();
  }

  clear(): void {
    for (const one of this.all) this.remove(one.id);
  }

  private append(project: string, file: File): void {
    const id = ++this.last;
    this.files.set(id, file);
    const { name, size } = file;
    this.set([...this.all, { id, project, name, size, sent: 0, stage: "waiting", problem: "" }]);
  }

  private next(): void {
    const room = AT_ONCE - this.stops.size;
    for (const one of this.all.filter(({ id, stage }) => stage === "waiting" && !this.stops.has(id)).slice(0, Math.max(room, 0))) {
      void this.run(one);
    }
  }

  private async run({ id, project }: Sending): Promise<void> {
    const file = this.files.get(id);
    if (file === undefined) return;
    const stop = new AbortController();
    this.stops.set(id, stop);
    this.change(id, { stage: "sending" });
    try {
      await this.send(project, file, { signal: stop.signal, onSent: (sent) => this.change(id, { sent }) });
      this.files.delete(id);
      this.change(id, { stage: "sent" });
    } catch (error) {
      if (!stop.signal.aborted) this.change(id, { stage: "failed", problem: sentenceOf(error) });
    } finally {
      this.stops.delete(id);
      this.next();
    }
  }

  private change(id: number, part: Partial<Sending>): void {
    this.set(this.all.map((one) => (one.id === id ? { ...one, ...part } : one)));
  }

  private set(all: readonly Sending[]): void {
    this.all = all;
    for (const listener of this.listeners) listener();
  }
}

export const uploads = new UploadQueue();
session.subscribe(() => session.isOpen || uploads.clear());
