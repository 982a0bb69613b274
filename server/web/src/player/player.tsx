import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ahead, playing, type Range, stepped, within } from "./clock";
import { type Comparison, COMPARISONS, draw, type Look, LOOKS } from "./draw";
import { FrameStore } from "./frame-store";
import { timecode } from "./timecode";

const AHEAD = 48;

export interface Footage {
  range: Range;
  fps: number;
  /** The address of a frame's picture. */
  plate: (frame: number) => string;
  /** The addresses of a frame's masks, in the order of the objects' names. */
  masks: (frame: number) => string[];
  /** The address of a picture that compares two versions; undefined where there is nothing to compare with. */
  compared?: (frame: number, how: Comparison, at: number) => string;
}

interface Props {
  footage: Footage;
  frame: number;
  onFrame: (frame: number) => void;
  /** Frames that somebody said something of. */
  marks: number[];
  /** What lies over the picture, and moves with it. */
  children?: ReactNode;
}

/** Plays a shot frame by frame. Its number is always the source's: what is shown is the picture of that number. */
export function Player({ footage, frame, onFrame, marks, children }: Props) {
  const { range, fps } = footage;
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const [loaded, setLoaded] = useState(0);
  const [look, setLook] = useState<Look>("overlay");
  const [opacity, setOpacity] = useState(0.45);
  const [comparison, setComparison] = useState<Comparison | "">("");
  const [wipe, setWipe] = useState(0.5);
  const [speed, setSpeed] = useState(0);
  const [shown, setShown] = useState<number | null>(null);
  const [zoom, setZoom] = useState({ scale: 1, x: 0, y: 0 });

  const store = useMemo(() => new FrameStore(() => setLoaded((count) => count + 1)), []);
  useEffect(() => () => store.close(), [store]);

  const compared = comparison === "" ? undefined : footage.compared;
  const files = useCallback(
    (number: number) => {
      if (compared === undefined || comparison === "") return { plate: footage.plate(number), masks: footage.masks(number) };
      return { plate: compared(number, comparison, wipe), masks: [] };
    },
    [footage, compared, comparison, wipe],
  );
  const pictureOf = useCallback(
    (number: number) => {
      const paths = files(number);
      const plate = store.get(paths.plate);
      const masks = paths.masks.map((path) => store.get(path));
      if (!plate || masks.includes(undefined)) return null;
      return { plate, masks: masks.filter((mask): mask is ImageBitmap => Boolean(mask)) };
    },
    [store, files],
  );

  useEffect(() => {
    const next = ahead(frame, AHEAD, speed, range);
    const paths = next.map(files);
    store.want(paths.flatMap(({ plate, masks }) => [plate, ...masks]));
  }, [store, files, frame, speed, range]);

  useEffect(() => {
    const picture = pictureOf(frame);
    if (picture === null || canvas.current === null) return;
    draw(canvas.current, picture, compared ? "plate" : look, opacity);
    setShown(frame);
  }, [frame, loaded, look, opacity, pictureOf, compared]);

  // Time stands still while a frame is not here: it begins anew at every frame that is shown.
  useEffect(() => {
    if (speed === 0 || shown !== frame) return undefined;
    const began = performance.now();
    let request = requestAnimationFrame(function tick(moment) {
      const now = playing(frame, (moment - began) / 1000, fps, speed, range);
      if (now !== frame) onFrame(now);
      else request = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(request);
  }, [speed, shown, frame, fps, range, onFrame]);

  const go = (to: number) => {
    setSpeed(0);
    onFrame(within(to, range));
  };
  const keys: Record<string, () => void> = {
    " ": () => setSpeed((now) => (now === 0 ? 1 : 0)),
    k: () => setSpeed(0),
    l: () => setSpeed((now) => (now > 0 ? Math.min(now * 2, 4) : 1)),
    j: () => setSpeed((now) => (now < 0 ? Math.max(now * 2, -4) : -1)),
    ArrowRight: () => go(stepped(frame, 1, range)),
    ArrowLeft: () => go(stepped(frame, -1, range)),
    ".": () => go(stepped(frame, 1, range)),
    ",": () => go(stepped(frame, -1, range)),
    Home: () => go(range.first),
    End: () => go(range.last),
    f: () => setZoom({ scale: 1, x: 0, y: 0 }),
    F: () => void (document.fullscreenElement ? document.exitFullscreen() : room.current?.requestFullscreen()),
  };
  const press = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "range";
    const does = isTyping || event.ctrlKey || event.metaKey ? undefined : keys[event.key];
    if (does === undefined) return;
    event.preventDefault();
    does();
  };

  return (
    <div ref={room} tabIndex={0} role="group" aria-label="Player" onKeyDown={press} className="flex h-full min-w-0 flex-1 flex-col bg-room">
      <div
        className="relative min-h-0 flex-1 overflow-hidden"
        onWheel={(event) => setZoom((now) => ({ ...now, scale: Math.min(Math.max(now.scale * Math.exp(-event.deltaY / 500), 0.25), 16) }))}
        onPointerMove={(event) => {
          if (event.buttons === 4 || (event.buttons === 1 && event.altKey))
            setZoom((now) => ({ ...now, x: now.x + event.movementX, y: now.y + event.movementY }));
        }}
      >
        <div className="absolute inset-0" style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}>
          <canvas
            ref={canvas}
            data-frame={shown ?? undefined}
            aria-label={shown === null ? "No frame yet" : `Frame ${shown}`}
            role="img"
            className="h-full w-full object-contain"
          />
          {!compared && children}
        </div>
        {shown !== frame && (
          <p role="status" className="absolute right-3 bottom-3 rounded bg-panel/90 px-2 py-1 text-quiet">
            {store.get(files(frame).plate) === null ? `Frame ${frame} has no picture yet.` : `Loading frame ${frame} …`}
          </p>
        )}
      </div>
      <Timeline range={range} frame={frame} marks={marks} onFrame={go} />
      <div className="flex items-center gap-3 px-3 pb-3">
        <button className="button w-20 justify-center" onClick={keys[" "]}>
          {speed === 0 ? "Play" : "Stop"}
        </button>
        <FrameField key={frame} frame={frame} onFrame={go} />
        <span className="text-quiet tabular-nums">{timecode(frame, fps)}</span>
        <select aria-label="Look" className="field !w-36" value={look} onChange={(event) => setLook(event.target.value as Look)}>
          {Object.entries(LOOKS).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
        {footage.compared && (
          <select
            aria-label="Comparison"
            className="field !w-36"
            value={comparison}
            onChange={(event) => setComparison(event.target.value as Comparison | "")}
          >
            <option value="">this version</option>
            {Object.entries(COMPARISONS).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        )}
        {compared && comparison === "wipe" ? (
          <Slider label="Wipe" value={wipe} onChange={setWipe} />
        ) : (
          <Slider label="Opacity" value={opacity} onChange={setOpacity} />
        )}
        <span className="ml-auto text-quiet tabular-nums">
          {fps} fps{speed !== 0 && Math.abs(speed) !== 1 ? ` × ${speed}` : ""}
        </span>
      </div>
    </div>
  );
}

function Slider({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  return (
    <label className="flex items-center gap-2 text-quiet">
      {label}
      <input type="range" min={0} max={1} step={0.05} value={value} onChange={(event) => onChange(Number(event.target.value))} />
    </label>
  );
}

function FrameField({ frame, onFrame }: { frame: number; onFrame: (frame: number) => void }) {
  const commit = (text: string) => {
    if (/^-?\d+$/.test(text.trim())) onFrame(Number(text));
  };
  return (
    <input
      aria-label="Frame"
      inputMode="numeric"
      className="field !w-24 tabular-nums"
      defaultValue={frame}
      onBlur={(event) => Number(event.target.value) !== frame && commit(event.target.value)}
      onKeyDown={(event) => event.key === "Enter" && commit(event.currentTarget.value)}
    />
  );
}

function Timeline({ range, frame, marks, onFrame }: { range: Range; frame: number; marks: number[]; onFrame: (frame: number) => void }) {
  const place = (number: number) => `${(100 * (number - range.first)) / Math.max(range.last - range.first, 1)}%`;
  return (
    <div className="px-3 py-2">
      <div className="relative mx-2 h-1.5">
        {marks.map((mark) => (
          <span key={mark} className="absolute h-1.5 w-1 -translate-x-1/2 bg-wait" style={{ left: place(mark) }} />
        ))}
      </div>
      <input
        type="range"
        aria-label="Timeline"
        aria-valuetext={`frame ${frame}`}
        className="w-full"
        min={range.first}
        max={range.last}
        value={frame}
        onChange={(event) => onFrame(Number(event.target.value))}
      />
      <div className="flex justify-between text-quiet tabular-nums">
        <span>{range.first}</span>
        <span>{range.last}</span>
      </div>
    </div>
  );
}
