import type { Shot } from "../../api/client";
import { FileImage } from "../../parts/file-image";
import { State } from "../../parts/states";

type Picking = (shot: Shot, isRange: boolean) => void;

/** What every way to show a shot is given. */
export interface ShotProps {
  shot: Shot;
  isPicked: boolean;
  /** Picks it, or with shift everything from the last one that was picked; null for who can do nothing with many. */
  onPick: Picking | null;
  /** Takes the link once the keys went there. */
  linkRef: (link: HTMLElement | null) => void;
  onFocus: () => void;
  canAssign: boolean;
}

export function addressOf(shot: Shot): string {
  return `/projects/${shot.project_id}/shots/${shot.id}`;
}

export function PickBox({ shot, isPicked, onPick }: { shot: Shot; isPicked: boolean; onPick: Picking }) {
  return (
    <input
      type="checkbox"
      aria-label={`Select ${shot.name}`}
      className="size-4 accent-accent"
      checked={isPicked}
      onChange={(event) => onPick(shot, (event.nativeEvent as MouseEvent).shiftKey === true)}
    />
  );
}

/** The shot's picture; its place is there before it is. */
export function Thumbnail({ shot, className }: { shot: Shot; className: string }) {
  if (shot.state === "ready") return <FileImage path={`/api/v1/shots/${shot.id}/thumbnail`} className={className} />;
  return <div className={`bg-raised ${className}`} />;
}

/** What is with the plate; a state in which nothing is to be done is said quietly. */
export function PlateState({ shot }: { shot: Shot }) {
  return shot.state === "ready" ? <span className="text-quiet">ready</span> : <State of={shot.state} />;
}

/** The newest version and what was said of it. */
export function Standing({ shot }: { shot: Shot }) {
  if (shot.version === null) return <span className="text-quiet">no version</span>;
  return (
    <span className="flex items-baseline gap-2">
      <span className="text-quiet tabular-nums">v{shot.version}</span>
      <State of={shot.review} />
    </span>
  );
}

export function framesOf(shot: Shot): string {
  return shot.first_frame === null ? "" : `${shot.first_frame}–${shot.last_frame}`;
}

export function sizeOf(shot: Shot): string {
  if (shot.width === null) return "";
  return `${shot.width} × ${shot.height}${shot.fps === null ? "" : ` · ${Number(shot.fps.toFixed(3))} fps`}`;
}
