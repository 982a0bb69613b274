import type { PointerEvent } from "react";
import { plateAt, type Point, type Size } from "../pointing";

/** The plate's pixel under a pointer over a layer; null beside the picture. */
export function pointOn(layer: Element, { clientX, clientY }: { clientX: number; clientY: number }, plate: Size): Point | null {
  return plateAt([clientX, clientY], layer.getBoundingClientRect(), plate);
}

/** The same for a layer's own events. */
export function pointOf(event: PointerEvent<Element>, plate: Size): Point | null {
  return pointOn(event.currentTarget, event, plate);
}

/** Whether it is for the layer: the other buttons, and alt, move the picture. */
export function isDrawing(event: PointerEvent<Element>): boolean {
  return event.button === 0 && !event.altKey;
}
