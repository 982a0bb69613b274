import { useEffect, useState } from "react";
import { sentenceOf } from "../../api/client";
import { useSay } from "../../parts/toasts";
import type { Drawable, FrameStore } from "../../player/frame-store";
import type { Size } from "../../player/pointing";
import { keepPainted, maskToPaint, paintedPath, wholeMask } from "../../work/painting";

const LIVE = "painted/live";

interface Painting {
  /** Whether the mask to paint on is here. */
  isReady: boolean;
  /** Where the mask that is being painted is held; null while none is. */
  livePath: string | null;
  begin: () => OffscreenCanvas | null;
  onChange: (mask: OffscreenCanvas) => void;
  onEnd: (mask: OffscreenCanvas) => void;
}

/** Painting on the mask at `path` (null is an empty one); what was painted is sent when the brush is lifted. */
export function usePainting(
  shot: string,
  store: FrameStore,
  plate: Size,
  path: string | null,
  isOn: boolean,
  onPainted: (name: string) => void,
): Painting {
  const say = useSay();
  const [base, setBase] = useState<Drawable | null | undefined>(undefined);
  const [isPainting, setIsPainting] = useState(false);
  useEffect(() => {
    setBase(undefined);
    if (!isOn) return undefined;
    let isOver = false;
    void fetched(store, path, plate).then(
      (mask) => isOver || setBase(mask),
      (error: unknown) => isOver || say(sentenceOf(error), true),
    );
    return () => void (isOver = true);
  }, [store, path, plate, isOn, say]);
  return {
    isReady: base !== undefined,
    livePath: isPainting ? LIVE : null,
    begin: () => {
      if (base === undefined) return null;
      setIsPainting(true);
      return maskToPaint(plate, base);
    },
    onChange: (mask) => store.put(LIVE, mask),
    onEnd: (mask) => {
      void keepPainted(shot, mask)
        .then((name) => {
          store.put(paintedPath(name), mask);
          onPainted(name);
        })
        .catch((error: unknown) => say(sentenceOf(error), true))
        .finally(() => setIsPainting(false));
    },
  };
}

async function fetched(store: FrameStore, path: string | null, plate: Size): Promise<Drawable | null> {
  if (path === null) return null;
  return path.startsWith("painted/") ? (store.get(path) ?? null) : wholeMask(path, plate);
}
