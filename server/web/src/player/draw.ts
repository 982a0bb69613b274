import type { Drawable } from "./frame-store";

export type Look = "plate" | "overlay" | "matte" | "grey" | "checker" | "black" | "white" | "other";

export const LOOKS: Record<Look, string> = {
  overlay: "Overlay",
  plate: "Plate",
  matte: "Matte",
  grey: "Over grey",
  checker: "Over checker",
  black: "Over black",
  white: "Over white",
  other: "Over another plate",
};

export type Comparison = "wipe" | "side_by_side" | "difference" | "change";

export const COMPARISONS: Record<Comparison, string> = {
  wipe: "Wipe",
  side_by_side: "Side by side",
  difference: "Difference",
  change: "Change in time",
};

/** Of objects in the order of their names; the same as in the hub's own pictures. */
export const COLOURS = ["#ff6347", "#00bfff", "#78c850", "#ffd700", "#8a2be2", "#00ced1"];

export function colourOf(number: number): string {
  return COLOURS[number % COLOURS.length]!;
}

const GROUNDS: Partial<Record<Look, string>> = { grey: "#595959", black: "#000", white: "#fff", checker: "#404040" };
const CHECK_PX = 16;
const GAP_PX = 2;

export interface Mask {
  image: Drawable;
  colour: string;
}

/** One version on one frame. `ground` is another plate's picture, to lie behind. */
export interface Picture {
  plate: Drawable;
  masks: Mask[];
  ground?: Drawable | null;
}

/** How it is looked at; `opacity` is of the overlay, 0 to 1. */
export interface View {
  look: Look;
  opacity: number;
}

/** Draws a frame; the canvas gets the plate's size. */
export function draw(canvas: HTMLCanvasElement, picture: Picture, view: View): void {
  const context = prepared(canvas, picture.plate.width, picture.plate.height);
  drawPicture(context, picture, view);
}

/** Draws two versions of a frame, or a version on two frames. `at` is where a wipe stands, 0 to 1 of the width. */
export function drawCompared(canvas: HTMLCanvasElement, sides: [Picture, Picture], how: Comparison, view: View, at: number): void {
  const { width, height } = sides[0].plate;
  if (how === "side_by_side") {
    const context = prepared(canvas, 2 * width + GAP_PX, height);
    sides.forEach((side, number) => inside(context, number * (width + GAP_PX), 0, width, height, () => drawPicture(context, side, view)));
    return;
  }
  const context = prepared(canvas, width, height);
  if (how === "wipe") {
    drawPicture(context, sides[1], view);
    const edge = Math.round(at * width);
    inside(context, 0, 0, edge, height, () => {
      context.clearRect(0, 0, edge, height);
      drawPicture(context, sides[0], view);
    });
    context.fillStyle = "#fff";
    context.fillRect(edge, 0, 1, height);
    return;
  }
  drawMatte(context, sides[0]);
  const other = new OffscreenCanvas(width, height);
  drawMatte(other.getContext("2d")!, sides[1]);
  context.globalCompositeOperation = "difference";
  context.drawImage(other, 0, 0);
  context.globalCompositeOperation = "source-over";
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d")!;
  context.clearRect(0, 0, width, height);
  return context;
}

function inside(context: Context, x: number, y: number, width: number, height: number, drawing: () => void): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.translate(x, y);
  drawing();
  context.restore();
}

function drawPicture(context: Context, picture: Picture, { look, opacity }: View): void {
  const { width, height } = picture.plate;
  if (look === "plate" || look === "overlay") context.drawImage(picture.plate, 0, 0);
  if (look === "overlay") drawOverlay(context, picture, opacity);
  if (look === "matte") drawMatte(context, picture);
  if (look in GROUNDS || look === "other") {
    drawGround(context, look, width, height, picture.ground);
    context.drawImage(cut(picture, width, height), 0, 0);
  }
}

function drawOverlay(context: Context, { masks, plate }: Picture, opacity: number): void {
  for (const { image, colour } of masks) {
    context.globalAlpha = opacity;
    context.drawImage(tinted(image, plate.width, plate.height, colour), 0, 0);
    context.globalAlpha = 1;
  }
}

function drawMatte(context: Context, { masks, plate }: Picture): void {
  context.fillStyle = "#000";
  context.fillRect(0, 0, plate.width, plate.height);
  for (const { image } of masks) context.drawImage(image, 0, 0, plate.width, plate.height);
}

function drawGround(context: Context, look: Look, width: number, height: number, other?: Drawable | null): void {
  context.fillStyle = GROUNDS[look] ?? "#000";
  context.fillRect(0, 0, width, height);
  if (look === "other" && other) context.drawImage(other, 0, 0, width, height);
  if (look !== "checker") return;
  context.fillStyle = "#707070";
  for (let row = 0; row * CHECK_PX < height; row++)
    for (let column = row % 2; column * CHECK_PX < width; column += 2)
      context.fillRect(column * CHECK_PX, row * CHECK_PX, CHECK_PX, CHECK_PX);
}

/** What the mattes leave of the plate. */
function cut({ masks, plate }: Picture, width: number, height: number): OffscreenCanvas {
  const whole = new OffscreenCanvas(width, height);
  const context = whole.getContext("2d")!;
  for (const { image } of masks) context.drawImage(image, 0, 0, width, height);
  context.globalCompositeOperation = "source-in";
  context.drawImage(plate, 0, 0);
  return whole;
}

function tinted(mask: Drawable, width: number, height: number, colour: string): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.drawImage(mask, 0, 0, width, height);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  return canvas;
}
