import { createContext, type ReactNode, type RefObject, useContext, useEffect, useRef, useState } from "react";
import type { Size } from "./pointing";
import { FILTER } from "./view-filter";

const LEAST_ZOOM = 0.25;
const MOST_ZOOM = 32;

export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };

const Scale = createContext(1);

/** How many pixels of the screen one of the plate's takes; what is drawn over the picture keeps its size by this. */
export function useScale(): number {
  return useContext(Scale);
}

interface Props {
  canvas: RefObject<HTMLCanvasElement | null>;
  plate: Size;
  shown: number | null;
  isFiltered: boolean;
  zoom: Zoom;
  onZoom: (change: (now: Zoom) => Zoom) => void;
  /** What lies over the picture, and moves with it. */
  children?: ReactNode;
}

/** The picture, and what is drawn over it, zoomed and moved together. */
export function Stage({ canvas, plate, shown, isFiltered, zoom, onZoom, children }: Props) {
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const fit = Math.min(size.width / plate.width, size.height / plate.height) || 1;
  // Not by React: it listens passively, and the page would scroll.
  useEffect(() => {
    const place = room.current;
    if (place === null) return undefined;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top, width, height } = place.getBoundingClientRect();
      const at = { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
      onZoom((now) => zoomedAt(now, Math.exp(-event.deltaY / 500), at));
    };
    place.addEventListener("wheel", wheel, { passive: false });
    return () => place.removeEventListener("wheel", wheel);
  }, [onZoom]);
  return (
    <div
      ref={room}
      className="absolute inset-0 overflow-hidden"
      onPointerMove={(event) => {
        if (event.buttons === 4 || (event.buttons === 1 && event.altKey))
          onZoom((now) => ({ ...now, x: now.x + event.movementX, y: now.y + event.movementY }));
      }}
    >
      <div className="absolute inset-0" style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}>
        <canvas
          ref={canvas}
          data-frame={shown ?? undefined}
          aria-label={shown === null ? "No frame yet" : `Frame ${shown}`}
          role="img"
          className="h-full w-full object-contain"
          style={{ filter: isFiltered ? `url(#${FILTER})` : undefined, imageRendering: zoom.scale * fit > 3 ? "pixelated" : "auto" }}
        />
        <Scale value={fit * zoom.scale}>{children}</Scale>
      </div>
    </div>
  );
}

/** Zoomed so that what is under a point of the screen (from the middle) stays under it. */
export function zoomedAt(now: Zoom, factor: number, at: { x: number; y: number }): Zoom {
  const scale = Math.min(Math.max(now.scale * factor, LEAST_ZOOM), MOST_ZOOM);
  const grown = scale / now.scale;
  return { scale, x: at.x - (at.x - now.x) * grown, y: at.y - (at.y - now.y) * grown };
}

function useSize(of: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  useEffect(() => {
    if (of.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(of.current);
    return () => observer.disconnect();
  }, [of]);
  return size;
}
