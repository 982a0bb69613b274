/** Where a pointer is on the plate. Plate pixels are those of the source, from the top left; the picture may be smaller. */

export interface Size {
  width: number;
  height: number;
}

export type Point = [number, number];

/** The plate's pixel under a pointer; null beside the picture. `room` is the box in which it is shown whole. */
export function plateAt(pointer: Point, room: DOMRect, plate: Size): Point | null {
  const scale = Math.min(room.width / plate.width, room.height / plate.height);
  const x = (pointer[0] - room.left - (room.width - plate.width * scale) / 2) / scale;
  const y = (pointer[1] - room.top - (room.height - plate.height * scale) / 2) / scale;
  const isInside = x >= 0 && y >= 0 && x < plate.width && y < plate.height;
  return isInside ? [round(x), round(y)] : null;
}

/** The box between two corners, however it was drawn. */
export function boxOf([x0, y0]: Point, [x1, y1]: Point): [number, number, number, number] {
  return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
