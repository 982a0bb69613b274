import { fetchFile } from "../api/client";

const MOST = 400;
const AT_ONCE = 4;

/** Pictures by their addresses, decoded; the ones that were not asked for longest go first. */
export class FrameStore {
  private held = new Map<string, ImageBitmap | null>();
  private waiting: string[] = [];
  private running = new Map<string, AbortController>();

  constructor(private onLoaded: () => void) {}

  /** The picture; null where there is none to be had, undefined while it is not here yet. */
  get(path: string): ImageBitmap | null | undefined {
    const found = this.held.get(path);
    if (found !== undefined) {
      this.held.delete(path);
      this.held.set(path, found);
    }
    return found;
  }

  /** Load these from now on, in this order; what was wanted before is not any more. */
  want(paths: string[]): void {
    this.waiting = paths.filter((path) => !this.held.has(path) && !this.running.has(path));
    this.next();
  }

  close(): void {
    this.waiting = [];
    for (const controller of this.running.values()) controller.abort();
    for (const picture of this.held.values()) picture?.close();
    this.held.clear();
  }

  private next(): void {
    while (this.running.size < AT_ONCE && this.waiting.length > 0) void this.load(this.waiting.shift()!);
  }

  private async load(path: string): Promise<void> {
    const controller = new AbortController();
    this.running.set(path, controller);
    try {
      this.keep(path, await createImageBitmap(await fetchFile(path, controller.signal)));
    } catch {
      if (!controller.signal.aborted) this.keep(path, null); // shown as “no picture”, not as the frame before
    } finally {
      this.running.delete(path);
      this.next();
    }
  }

  private keep(path: string, picture: ImageBitmap | null): void {
    this.held.set(path, picture);
    for (const [oldest, bitmap] of this.held) {
      if (this.held.size <= MOST) break;
      bitmap?.close();
      this.held.delete(oldest);
    }
    this.onLoaded();
  }
}
