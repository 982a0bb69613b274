import { api, ask, fetchFile } from "../api/client";
import { asMask, type Drawable } from "../player/frame-store";
import type { Point, Size } from "../player/pointing";

/** `size` is the brush's diameter in plate pixels, `softness` 0 for a hard edge to 1 for one that fades from the middle. */
export interface Brush {
  size: number;
  softness: number;
  erases: boolean;
}

const PAINTED = "painted/";

/** An empty mask of the plate's size, or a copy of one. */
export function maskToPaint({ width, height }: Size, base: Drawable | null): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  if (base !== null) canvas.getContext("2d")!.drawImage(base, 0, 0, width, height);
  return canvas;
}

/** A mask's file in all its pixels, to be painted on; masks that are looked at are smaller. */
export async function wholeMask(path: string, { width, height }: Size): Promise<Drawable> {
  return asMask(await createImageBitmap(await fetchFile(path)), width, height);
}

/** Paints from one point to another. */
export function stroke(mask: OffscreenCanvas, from: Point, to: Point, brush: Brush): void {
  const context = mask.getContext("2d")!;
  context.globalCompositeOperation = brush.erases ? "destination-out" : "source-over";
  const steps = Math.max(Math.ceil((4 * Math.hypot(to[0] - from[0], to[1] - from[1])) / brush.size), 1);
  for (let step = 0; step <= steps; step++) {
    const share = step / steps;
    dab(context, from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]), brush);
  }
  context.globalCompositeOperation = "source-over";
}

function dab(context: OffscreenCanvasRenderingContext2D, x: number, y: number, { size, softness }: Brush): void {
  const radius = size / 2;
  const fill = context.createRadialGradient(x, y, radius * (1 - softness), x, y, radius);
  fill.addColorStop(0, "#fff");
  fill.addColorStop(1, softness > 0 ? "rgb(255 255 255 / 0)" : "#fff");
  context.fillStyle = fill;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Sends a painted mask to the hub; answers its name. */
export async function keepPainted(shot: string, mask: OffscreenCanvas): Promise<string> {
  const grey = new OffscreenCanvas(mask.width, mask.height);
  const context = grey.getContext("2d")!;
  context.fillRect(0, 0, mask.width, mask.height);
  context.drawImage(mask, 0, 0);
  return keepMask(shot, await grey.convertToBlob({ type: "image/png" }));
}

/** Sends a mask's file to the hub; answers its name. */
export async function keepMask(shot: string, file: Blob): Promise<string> {
  const kept = await ask(
    api.POST("/api/v1/shots/{shot_id}/painted", {
      params: { path: { shot_id: shot } },
      body: file as never,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { "Content-Type": "image/png" },
    }),
  );
  return kept.id;
}

/** Where a painted mask is held in the page. */
export function paintedPath(name: string): string {
  return `${PAINTED}${name}`;
}

export function isPainted(path: string | null): path is string {
  return path?.startsWith(PAINTED) === true;
}
