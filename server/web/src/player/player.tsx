import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { nextOf, type Range, stepped, within } from "./clock";
import type { Footage } from "./footage";
import type { FrameStore } from "./frame-store";
import type { Size } from "./pointing";
import { Stage, WHOLE, type Zoom } from "./stage";
import { type Marks, Timeline, TIMELINE } from "./timeline";
import { Transport } from "./transport";
import { usePicture } from "./use-picture";
import { type Pace, usePlaying } from "./use-playing";
import { ViewBar } from "./view-bar";
import { ViewFilter } from "./view-filter";
import { type Channel, isPlain, useViewing } from "./viewing";

interface Props {
  store: FrameStore;
  footage: Footage;
  plate: Size;
  frame: number;
  onFrame: (frame: number) => void;
  marks: Marks[];
  span: Range | null;
  /** How much of the shot a job has done, 0 to 1; null where none runs. */
  done: number | null;
  /** What further keys do, by their names; with control or command as “mod+z”. */
  keys?: Record<string, () => void>;
  /** Takes the keys while it has the focus. */
  room: RefObject<HTMLDivElement | null>;
  /** What lies over the picture, and moves with it. */
  children?: ReactNode;
}

const CHANNEL_KEYS: Record<string, Channel> = { r: "red", g: "green", b: "blue", y: "luma" };

/** Plays a shot frame by frame. Its number is always the source's: what is shown is the picture of that number. */
export function Player({ store, footage, plate, frame, onFrame, marks, span, done, keys: more, room, children }: Props) {
  const { range, fps } = footage;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [zoom, setZoom] = useState<Zoom>(WHOLE);
  const [viewing, change] = useViewing();
  const [pace, setPace] = useState<Pace>({ speed: 0, loops: true });
  const { shown, lacking } = usePicture(canvas, store, footage, frame, pace.speed, viewing);
  usePlaying(pace, setPace, footage, frame, shown, onFrame);

  const setSpeed = (change: (now: number) => number) => setPace((now) => ({ ...now, speed: change(now.speed) }));
  const go = (to: number) => {
    setSpeed(() => 0);
    onFrame(within(to, range));
  };
  const step = (steps: number) => go(stepped(frame, steps, range));
  const toMarked = (direction: 1 | -1) => {
    const next = nextOf(marks.filter(({ kind }) => kind !== "key").flatMap(({ frames }) => frames), frame, direction);
    if (next !== null) go(next);
  };
  const toggleChannel = (channel: Channel) => change({ channel: viewing.channel === channel ? "rgb" : channel });
  const keys: Record<string, () => void> = {
    " ": () => setSpeed((now) => (now === 0 ? 1 : 0)),
    k: () => setSpeed(() => 0),
    l: () => setSpeed((now) => (now > 0 ? Math.min(now * 2, 4) : 1)),
    j: () => setSpeed((now) => (now < 0 ? Math.max(now * 2, -4) : -1)),
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    ".": () => step(1),
    ",": () => step(-1),
    "shift+ArrowRight": () => toMarked(1),
    "shift+ArrowLeft": () => toMarked(-1),
    Home: () => go(range.first),
    End: () => go(range.last),
    f: () => setZoom(WHOLE),
    F: () => void (document.fullscreenElement ? document.exitFullscreen() : room.current?.requestFullscreen()),
    a: () => change({ look: viewing.look === "matte" ? "overlay" : "matte" }),
    w: () => footage.compared && change({ comparison: viewing.comparison === "wipe" ? "" : "wipe" }),
    ...Object.fromEntries(Object.entries(CHANNEL_KEYS).map(([key, channel]) => [key, () => toggleChannel(channel)])),
    ...more,
  };
  const press = (event: KeyboardEvent) => {
    const does = hasOwnKeys(event) ? undefined : keys[nameOf(event)];
    if (does === undefined) return;
    event.preventDefault();
    does();
  };
  // Who came by the keyboard, as from a shot that was just judged, goes on with it here.
  useEffect(() => room.current?.focus({ preventScroll: true }), [room]);
  const isLate = shown !== frame;
  const isMissing = store.get(footage.plate(frame)) === null;

  return (
    <div ref={room} tabIndex={0} role="group" aria-label="Player" onKeyDown={press} className="flex h-[max(28rem,60dvh)] min-w-0 flex-col bg-room -outline-offset-2 outline-quiet lg:h-full lg:flex-1">
      <ViewFilter viewing={viewing} />
      <ViewBar viewing={viewing} onChange={change} canCompare={footage.compared !== undefined} hasGround={footage.ground !== undefined} />
      <div className="relative min-h-0 flex-1">
        <Stage canvas={canvas} plate={plate} shown={shown} isFiltered={!isPlain(viewing)} zoom={zoom} onZoom={setZoom}>
          {/* What is done over one frame's picture is not said of another frame. */}
          <div className="contents" inert={isLate}>
            {viewing.comparison !== "side_by_side" && children}
          </div>
        </Stage>
        {viewing.comparison === "wipe" && (
          <input
            type="range"
            aria-label="Wipe"
            className="absolute inset-x-0 top-0 m-0"
            min={0}
            max={1}
            step={0.005}
            value={viewing.wipe}
            onChange={(event) => change({ wipe: Number(event.target.value) })}
          />
        )}
        {isLate && <Said>{isMissing ? `Frame ${frame} has no picture yet.` : `Loading frame ${frame} …`}</Said>}
        {!isLate && lacking.length > 0 && <Said>{`Shown without ${lacking.join(", ")}; loading again …`}</Said>}
      </div>
      <Timeline range={range} frame={frame} marks={marks} span={span} done={done} onFrame={go} />
      <Transport
        frame={frame}
        fps={fps}
        pace={pace}
        setPace={setPace}
        onFrame={go}
        onStep={step}
        onMarked={toMarked}
        onTyped={() => room.current?.focus()}
      />
    </div>
  );
}

function Said({ children }: { children: string }) {
  return (
    <p role="status" className="absolute right-3 bottom-3 rounded bg-panel/90 px-2 py-1 text-quiet">
      {children}
    </p>
  );
}

/** Whether the key is for what has the focus: a field, a slider, a button that the space bar presses. */
function hasOwnKeys({ target, key }: KeyboardEvent): boolean {
  if (target instanceof HTMLButtonElement) return key === " ";
  if (target instanceof HTMLInputElement && target.type === "range") return target.ariaLabel !== TIMELINE;
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function nameOf(event: KeyboardEvent): string {
  const isCommand = event.ctrlKey || event.metaKey;
  const isNamed = event.key.length > 1;
  const shift = event.shiftKey && (isCommand || isNamed) ? "shift+" : "";
  const alt = event.altKey && isNamed ? "alt+" : ""; // with other keys it makes letters
  return `${isCommand ? "mod+" : ""}${alt}${shift}${isCommand ? event.key.toLowerCase() : event.key}`;
}
