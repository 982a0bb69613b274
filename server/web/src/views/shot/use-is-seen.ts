import { useEffect, useState } from "react";
import type { Version } from "../../api/client";
import type { Footage } from "../../player/footage";
import type { FrameStore } from "../../player/frame-store";
import { type Masks, UNKNOWN } from "./use-shot";

/** So long a picture must have been there until it may be judged: a click sooner was meant for the shot before. */
const LOOK_MS = 500;

/** Whether a version was seen: its picture was there, with its masks, for long enough to look at. */
export function useIsSeen(store: FrameStore, footage: Footage, version: Version | undefined, masks: Masks, frame: number): boolean {
  const [seen, setSeen] = useState<string>();
  const isSeen = version !== undefined && seen === version.id;
  useEffect(() => {
    if (version === undefined || isSeen || masks === UNKNOWN) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      if (isHere(store, footage, frame)) timer ??= setTimeout(() => setSeen(version.id), LOOK_MS);
    };
    look();
    const stop = store.subscribe(look);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, footage, version, masks, frame, isSeen]);
  return isSeen;
}

function isHere(store: FrameStore, footage: Footage, frame: number): boolean {
  return Boolean(store.get(footage.plate(frame))) && footage.masks(frame).every(({ path }) => store.get(path) !== undefined);
}
