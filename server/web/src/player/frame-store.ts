import { fetchFile } from "../api/client";

const MOST_BYTES = 2 ** 30; // some 130 pictures in HD
const PIXEL_BYTES = 4;
const AT_ONCE = 4;
const WIDEST_PX = 1920;
const ASKED_AGAIN_MS = 2000;

/** What can be drawn: a plate, or a mask, which is white and as opaque as the object covers. */
export type Drawable = ImageBitmap | OffscreenCanvas;

/** Pictures by their addresses, decoded, as many as there is room for; of what is not wanted, the ones that were not asked for
 * longest go first. */
export class FrameStore {
  private held = new Map<string, Drawable | null>();
  private made = new Map<string, Drawable>();
  private bytes = 0;
  private wanted = new Set<string>();
  private needed = new Set<string>();
  private waiting: string[] = [];
  private running = new Map<string, AbortController>();
  private listeners = new Set<() => void>();
  private changes = 0;

  constructor(private readonly most = MOST_BYTES) {}

  /** The picture; null where there is none to be had, undefined while it is not here yet. */
  get(path: string): Drawable | null | undefined {
    const own = this.made.get(path);
    if (own !== undefined) return own;
    const found = this.held.get(path);
    if (found !== undefined) {
      this.held.delete(path);
      this.held.set(path, found);
    }
    return found;
  }

  /** A picture that was made here, such as a mask that is being painted, and stays; the same one again says that it
   * changed. */
  put(path: string, picture: Drawable): void {
    this.made.set(path, picture);
    this.tell();
  }

  /** Load these frames' pictures from now on, in this order: the first frame's, and of the others what there is room for. What
   * was wanted before is not any more. */
  want(frames: string[][]): void {
    const paths = frames.flat();
    this.wanted = new Set(paths);
    this.needed = new Set(frames[0]);
    this.waiting = paths.filter((path) => !this.held.has(path) && !this.made.has(path) && !this.running.has(path));
    this.next();
  }

  /** Load one, before all others. Answers it once it is here; null where there is none. */
  async load(path: string): Promise<Drawable | null> {
    if (this.get(path) === undefined && !this.running.has(path)) return this.fetch(path);
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
    for (const path of this.held.keys()) this.drop(path);
    this.made.clear();
  }

  private next(): void {
    while (this.running.size < AT_ONCE && this.waiting.length > 0 && this.hasRoomFor(this.waiting[0]!)) {
      void this.fetch(this.waiting.shift()!);
    }
  }

  /** Whether it may be loaded: where there is no room, what is not wanted goes; for the first frame also what is wanted last. */
  private hasRoomFor(path: string): boolean {
    if (this.bytes < this.most) return true;
    const isNeeded = this.needed.has(path);
    const spare = [...this.held.keys()].filter((one) => !this.wanted.has(one));
    if (isNeeded) spare.push(...[...this.wanted].filter((one) => !this.needed.has(one)).reverse());
    while (this.bytes >= this.most && spare.length > 0) this.drop(spare.shift()!);
    return isNeeded || this.bytes < this.most;
  }

  private async fetch(path: string): Promise<Drawable | null> {
    const controller = new AbortController();
    this.running.set(path, controller);
    try {
      const file = await fetchFile(path, controller.signal);
      const picture = file.type === "image/png" ? await maskOf(file) : await createImageBitmap(file);
      this.keep(path, picture);
      return picture;
    } catch {
      if (!controller.signal.aborted) this.miss(path);
      return null;
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
      else if (this.held.get(path) === null) this.drop(path);
    }, ASKED_AGAIN_MS);
  }

  private keep(path: string, picture: Drawable | null): void {
    this.drop(path);
    this.held.set(path, picture);
    this.bytes += bytesOf(picture);
    this.tell();
  }

  private drop(path: string): void {
    const picture = this.held.get(path);
    this.held.delete(path);
    this.bytes -= bytesOf(picture);
    if (picture instanceof ImageBitmap) picture.close();
  }

  private tell(): void {
    this.changes += 1;
    for (const listener of this.listeners) listener();
  }
}

function bytesOf(picture: Drawable | null | undefined): number {
  return picture ? PIXEL_BYTES * picture.width * picture.height : 0;
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
