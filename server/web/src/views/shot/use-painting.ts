import { useEffect, useRef, useState } from "react";
import { sentenceOf, untilAnswered } from "../../api/client";
import { useSay } from "../../parts/toasts";
import type { Drawable, FrameStore } from "../../player/frame-store";
import type { Size } from "../../player/pointing";
import { isPainted, keepPainted, maskToPaint, paintedPath, wholeMask } from "../../work/painting";

interface Painting {
  /** Whether the mask to paint on is here. */
  isReady: boolean;
  /** Whether something that was painted is not kept by the hub yet. */
  isKeeping: boolean;
  /** Where masks are held that are not kept yet, by the places they are of. */
  livePaths: [place: string, path: string][];
  begin: () => OffscreenCanvas | null;
  onChange: (mask: OffscreenCanvas) => void;
  onEnd: (mask: OffscreenCanvas) => void;
}

/** Painting on the mask at `path` (null is an empty one); `place` says of what object and frame it is. What was painted is
 * sent when the brush is lifted, one stroke after the other; until it is kept, the next stroke goes on from what is here. */
export function usePainting(
  shot: string,
  store: FrameStore,
  plate: Size,
  place: string,
  path: string | null,
  isOn: boolean,
  onPainted: (name: string) => void,
): Painting {
  const say = useSay();
  const whole = useWholeMask(path, plate, isOn);
  const [live, setLive] = useState<ReadonlyMap<string, OffscreenCanvas>>(new Map());
  const [unkept, setUnkept] = useState(0);
  const sent = useRef<Promise<void>>(Promise.resolve());
  const base = live.get(place) ?? (isPainted(path) ? (store.get(path) ?? null) : whole);
  const keep = async (mask: OffscreenCanvas) => {
    try {
      const name = await untilAnswered(() => keepPainted(shot, mask));
      store.put(paintedPath(name), mask);
      onPainted(name);
    } catch (error) {
      say(sentenceOf(error), true);
    }
    setLive((now) => new Map([...now].filter(([, one]) => one !== mask)));
    setUnkept((now) => now - 1);
  };
  return {
    isReady: base !== undefined,
    isKeeping: unkept > 0,
    livePaths: [...live.keys()].map((one) => [one, livePath(one)]),
    begin: () => {
      if (base === undefined) return null;
      const mask = maskToPaint(plate, base);
      setLive((now) => new Map(now).set(place, mask));
      return mask;
    },
    onChange: (mask) => store.put(livePath(place), mask),
    onEnd: (mask) => {
      setUnkept((now) => now + 1);
      sent.current = sent.current.then(() => keep(mask));
    },
  };
}

function livePath(place: string): string {
  return paintedPath(`live/${place}`);
}

/** A mask of the hub's in all its pixels; null for none, undefined while it is not here. */
function useWholeMask(path: string | null, plate: Size, isOn: boolean): Drawable | null | undefined {
  const say = useSay();
  const [whole, setWhole] = useState<{ path: string; mask: Drawable } | null>(null);
  const isWanted = isOn && path !== null && !isPainted(path);
  useEffect(() => {
    if (!isWanted) return undefined;
    let isOver = false;
    void wholeMask(path, plate).then(
      (mask) => isOver || setWhole({ path, mask }),
      (error: unknown) => isOver || say(sentenceOf(error), true),
    );
    return () => void (isOver = true);
  }, [path, plate, isWanted, say]);
  if (path === null) return null;
  return whole?.path === path ? whole.mask : undefined;
}
