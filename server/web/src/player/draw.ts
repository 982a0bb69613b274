export type Look = "plate" | "overlay" | "matte" | "grey" | "checker" | "black" | "white";

export const LOOKS: Record<Look, string> = {
  overlay: "Overlay",
  plate: "Plate",
  matte: "Matte",
  grey: "Over grey",
  checker: "Over checker",
  black: "Over black",
  white: "Over white",
};

/** Looks that the hub draws, of two versions. */
export type Comparison = "wipe" | "side_by_side" | "difference" | "change";

export const COMPARISONS: Record<Comparison, string> = {
  wipe: "Wipe",
  side_by_side: "Side by side",
  difference: "Difference",
  change: "Change",
};

/** Of objects in the order of their names; the same as in the hub's own pictures. */
export const COLOURS = ["#ff6347", "#00bfff", "#78c850", "#ffd700", "#8a2be2", "#00ced1"];

const GROUNDS: Partial<Record<Look, string>> = { grey: "#595959", black: "#000", white: "#fff" };
const CHECK_PX = 16;

export interface Picture {
  plate: ImageBitmap;
  masks: ImageBitmap[];
}

/** Draws a frame as it is to be looked at; the canvas gets the plate's size. `opacity` is of the overlay, 0 to 1. */
export function draw(canvas: HTMLCanvasElement, picture: Picture, look: Look, opacity: number): void {
  const { width, height } = picture.plate;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d")!;
  context.clearRect(0, 0, width, height);
  if (look === "plate" || look === "overlay") context.drawImage(picture.plate, 0, 0);
  if (look === "overlay") {
    picture.masks.forEach((mask, number) => {
      context.globalAlpha = opacity;
      context.drawImage(filled(mask, width, height, COLOURS[number % COLOURS.length]!), 0, 0);
      context.globalAlpha = 1;
    });
  }
  if (look === "matte") picture.masks.forEach((mask) => lighten(context, mask, width, height));
  if (look in GROUNDS || look === "checker") {
    ground(context, look, width, height);
    context.drawImage(cut(picture, width, height), 0, 0);
  }
}

function lighten(context: CanvasRenderingContext2D, mask: ImageBitmap, width: number, height: number): void {
  context.globalCompositeOperation = "lighten";
  context.drawImage(mask, 0, 0, width, height);
  context.globalCompositeOperation = "source-over";
}

function ground(context: CanvasRenderingContext2D, look: Look, width: number, height: number): void {
  context.fillStyle = GROUNDS[look] ?? "#404040";
  context.fillRect(0, 0, width, height);
  if (look !== "checker") return;
  context.fillStyle = "#707070";
  for (let row = 0; row * CHECK_PX < height; row++)
    for (let column = row % 2; column * CHECK_PX < width; column += 2)
      context.fillRect(column * CHECK_PX, row * CHECK_PX, CHECK_PX, CHECK_PX);
}

/** What the mattes leave of the plate. */
function cut(picture: Picture, width: number, height: number): OffscreenCanvas {
  const whole = new OffscreenCanvas(width, height);
  const context = whole.getContext("2d")!;
  picture.masks.forEach((mask) => context.drawImage(filled(mask, width, height, "#ffffff"), 0, 0));
  context.globalCompositeOperation = "source-in";
  context.drawImage(picture.plate, 0, 0);
  return whole;
}

/** A mask's grey as the opacity of a colour, which is written as #rrggbb. */
function filled(mask: ImageBitmap, width: number, height: number, colour: string): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(mask, 0, 0, width, height);
  const image = context.getImageData(0, 0, width, height);
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  for (let at = 0; at < image.data.length; at += 4) {
    const grey = image.data[at]!;
    image.data.set([red!, green!, blue!, grey], at);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
