import { type RefObject, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { ahead, within } from "./clock";
import { draw, drawCompared, type Mask, type Picture } from "./draw";
import type { Footage, MaskFile } from "./footage";
import type { FrameStore } from "./frame-store";
import type { Viewing } from "./viewing";

const AHEAD = 48;

interface Files {
  plate: string;
  sides: MaskFile[][];
  ground: string | undefined;
}

interface Shown {
  /** The frame that is drawn; null for none yet. */
  shown: number | null;
  /** The objects whose masks could not be loaded. */
  lacking: string[];
}

/** Draws a frame once all of it is here, and loads what comes next. */
export function usePicture(
  canvas: RefObject<HTMLCanvasElement | null>,
  store: FrameStore,
  footage: Footage,
  frame: number,
  speed: number,
  viewing: Viewing,
): Shown {
  const [shown, setShown] = useState<number | null>(null);
  const loaded = useSyncExternalStore(store.subscribe, store.count);
  const { comparison, look } = viewing;
  const filesOf = useMemo(() => (number: number) => files(footage, number, comparison, look === "other"), [footage, comparison, look]);

  useEffect(() => {
    store.want(ahead(frame, AHEAD, speed, footage.range).map((number) => pathsOf(filesOf(number))));
  }, [store, filesOf, frame, speed, footage.range]);

  useEffect(() => {
    const sides = picturesOf(store, filesOf(frame));
    if (sides === null || canvas.current === null) return;
    const [one, other] = sides;
    if (comparison !== "" && one && other) drawCompared(canvas.current, [one, other], comparison, viewing, viewing.wipe);
    else if (one) draw(canvas.current, one, viewing);
    setShown(frame);
  }, [canvas, store, filesOf, frame, loaded, comparison, viewing]);

  const failed = filesOf(frame).sides.flat().filter(({ path }) => store.get(path) === null);
  return { shown, lacking: [...new Set(failed.map(({ object }) => object))] };
}

function files(footage: Footage, frame: number, comparison: Viewing["comparison"], needsGround: boolean): Files {
  const sides = [footage.masks(frame)];
  if (comparison === "change") sides.push(footage.masks(within(frame - 1, footage.range)));
  else if (comparison !== "" && footage.compared) sides.push(footage.compared(frame));
  return { plate: footage.plate(frame), sides, ground: needsGround ? footage.ground?.(frame) : undefined };
}

function pathsOf({ plate, sides, ground }: Files): string[] {
  return [plate, ...sides.flat().map((mask) => mask.path), ...(ground ? [ground] : [])];
}

/** All sides of a frame; null while something is not here. */
function picturesOf(store: FrameStore, { plate, sides, ground }: Files): Picture[] | null {
  const picture = store.get(plate);
  const behind = ground === undefined ? null : store.get(ground);
  if (!picture || behind === undefined) return null;
  const made: Picture[] = [];
  for (const side of sides) {
    const masks: Mask[] = [];
    for (const { path, colour } of side) {
      const image = store.get(path);
      if (image === undefined) return null;
      if (image !== null) masks.push({ image, colour });
    }
    made.push({ plate: picture, masks, ground: behind });
  }
  return made;
}
