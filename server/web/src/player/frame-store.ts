import { fetchFile } from "../api/client";

const MOST = 400;
const AT_ONCE = 4;
const WIDEST_PX = 1920;
const ASKED_AGAIN_MS = 2000;

/** What can be drawn: a plate, or a mask, which is white and as opaque as the object covers. */
export type Drawable = ImageBitmap | OffscreenCanvas;

/** Pictures by their addresses, decoded; the ones that were not asked for longest go first. */
export class FrameStore {
  private held = new Map<string, Drawable | null>();
  private wanted = new Set<string>();
  private waiting: string[] = [];
  private running = new Map<string, AbortController>();
  private listeners = new Set<() => void>();
  private changes = 0;

  /** The picture; null where there is none to be had, undefined while it is not here yet. */
  get(path: string): Drawable | null | undefined {
    const found = this.held.get(path);
    if (found !== undefined) {
      this.held.delete(path);
      this.held.set(path, found);
    }
    return found;
  }

  /** A picture that was made here, such as a mask that is being painted; the same one again says that it changed. */
  put(path: string, picture: Drawable): void {
    this.keep(path, picture);
  }

  /** Load these from now on, in this order; what was wanted before is not any more. */
  want(paths: string[]): void {
    this.wanted = new Set(paths);
    this.waiting = paths.filter((path) => !this.held.has(path) && !this.running.has(path));
    this.next();
  }

  /** Load one, before all others. Answers it once it is here; null where there is none. */
  async load(path: string): Promise<Drawable | null> {
    if (!this.held.has(path) && !this.running.has(path)) await this.fetch(path);
    while (this.running.has(path)) await new Promise((done) => setTimeout(done, 20));
    return this.get(path) ?? null;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** A number that is another one after every change. */
  count = (): number => this.changes;

  close(): void {
    this.want([]);
    for (const controller of this.running.values()) controller.abort();
    for (const picture of this.held.values()) dispose(picture);
    this.held.clear();
  }

  private next(): void {
    while (this.running.size < AT_ONCE && this.waiting.length > 0) void this.fetch(this.waiting.shift()!);
  }

  private async fetch(path: string): Promise<void> {
    const controller = new AbortController();
    this.running.set(path, controller);
    try {
      const file = await fetchFile(path, controller.signal);
      this.keep(path, file.type === "image/png" ? await maskOf(file) : await createImageBitmap(file));
    } catch {
      if (!controller.signal.aborted) this.miss(path);
    } finally {
      this.running.delete(path);
      this.next();
    }
  }

  /** Shown as “no picture”, not as the frame before. It is asked for again: a plate that was just sent gets its pictures
   * one after the other. */
  private miss(path: string): void {
    this.keep(path, null);
    setTimeout(() => {
      if (this.wanted.has(path) && !this.running.has(path)) void this.fetch(path);
      else if (this.held.get(path) === null) this.held.delete(path);
    }, ASKED_AGAIN_MS);
  }

  private keep(path: string, picture: Drawable | null): void {
    const before = this.held.get(path);
    if (before !== picture) dispose(before);
    this.held.set(path, picture);
    for (const [oldest, one] of this.held) {
      if (this.held.size <= MOST) break;
      dispose(one);
      this.held.delete(oldest);
    }
    this.changes += 1;
    for (const listener of this.listeners) listener();
  }
}

function dispose(picture: Drawable | null | undefined): void {
  if (picture instanceof ImageBitmap) picture.close();
}

/** A grey file as a mask, not larger than it is looked at: done once here, so that drawing it is quick. */
async function maskOf(file: Blob): Promise<Drawable> {
  const whole = await createImageBitmap(file);
  const scale = Math.min(1, WIDEST_PX / whole.width);
  return asMask(whole, Math.round(whole.width * scale), Math.round(whole.height * scale));
}

/** A grey picture as a mask of that size. */
export function asMask(grey: ImageBitmap, width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(grey, 0, 0, width, height);
  const image = context.getImageData(0, 0, width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let at = 0; at < pixels.length; at++) pixels[at] = ((pixels[at]! & 0xff) << 24) | 0xffffff;
  context.putImageData(image, 0, 0);
  return canvas;
}
