import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import type { Shot } from "../../api/client";
import { useListKeys } from "../../parts/list-keys";
import { useKeptPlace } from "../../parts/kept-place";
import type { Sort } from "./address";
import { Assignee } from "./assignee";
import { addressOf, framesOf, PickBox, PlateState, type ShotProps, sizeOf, Standing, Thumbnail } from "./pieces";
import type { Selection } from "./selection";

const ROW_PX = 56;
const BEFORE_THE_END = 50;
const COLUMNS =
  "grid grid-cols-[4rem_minmax(0,1fr)_7rem] items-center gap-3 md:grid-cols-[5.5rem_minmax(0,1fr)_5rem_8rem] lg:grid-cols-[5.5rem_minmax(9rem,22rem)_6rem_9rem_6rem_minmax(6rem,1fr)] lg:gap-4";

/** In narrow windows, what there is no column for is told below the name. */
const WIDE = "max-lg:hidden";
const MIDDLE = "max-md:hidden";

export interface ListProps {
  shots: Shot[];
  selection: Selection;
  canAssign: boolean;
  /** Asks for the next page, where there is one. */
  more: (() => void) | null;
  onPick: ShotProps["onPick"];
}

/** Asks for more before one comes to the end. */
export function useMore(last: number, { shots, more }: Pick<ListProps, "shots" | "more">): void {
  useEffect(() => {
    if (more !== null && last >= shots.length - BEFORE_THE_END) more();
  }, [last, shots.length, more]);
}

interface Sorted {
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/** A row each; only those that are in view are there. */
export function List(props: ListProps & Sorted) {
  const { shots, selection, canAssign, onPick } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { initialOffset, onScroll } = useKeptPlace();
  const rows = useVirtualizer({
    initialOffset,
    count: shots.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const shown = rows.getVirtualItems();
  useMore(shown.at(-1)?.index ?? 0, props);
  const pickAt = (index: number, isRange = false) => shots[index] && onPick?.(shots[index], isRange);
  const { at, setAt, focusAt } = useListKeys({
    count: shots.length,
    show: (index) => rows.scrollToIndex(index),
    keys: { x: pickAt, range: (index) => pickAt(index, true) },
  });
  return (
    <>
      <Head {...props} />
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-y-scroll px-4 pb-16 lg:px-6"
        tabIndex={0}
        role="region"
        aria-label="Shots"
        onScroll={onScroll}
      >
        <ul style={{ height: rows.getTotalSize(), position: "relative" }}>
          {shown.map(({ index, start }) => {
            const shot = shots[index];
            if (shot === undefined) return null;
            return (
              <li
                key={shot.id}
                className={`absolute inset-x-0 border-b border-line ${index === at ? "bg-panel" : ""}`}
                style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
              >
                <Row
                  shot={shot}
                  isPicked={selection.picked.has(shot.id)}
                  onPick={onPick}
                  linkRef={focusAt(index)}
                  onFocus={() => setAt(index)}
                  canAssign={canAssign}
                />
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}

function Row({ shot, isPicked, onPick, linkRef, onFocus, canAssign }: ShotProps) {
  return (
    <div
      className={`flex h-full items-center gap-3 pl-2 hover:bg-panel ${isPicked ? "bg-accent/15 hover:bg-accent/20" : ""}`}
      onFocus={onFocus}
    >
      {onPick && <PickBox shot={shot} isPicked={isPicked} onPick={onPick} />}
      <Link ref={linkRef} to={addressOf(shot)} className={`${COLUMNS} h-full min-w-0 flex-1`}>
        <Thumbnail shot={shot} className="h-12 w-full rounded-sm" />
        <span className="min-w-0">
          <span className="block truncate font-medium lg:line-clamp-2 lg:wrap-anywhere lg:whitespace-normal" title={shot.name}>
            {shot.name}
          </span>
          <span className={`block truncate lg:hidden ${shot.fault ? "text-bad" : "text-quiet tabular-nums"}`}>{shot.fault || framesOf(shot)}</span>
        </span>
        <span className={MIDDLE}>
          <PlateState shot={shot} />
        </span>
        <Standing shot={shot} />
        <span className={`text-quiet tabular-nums ${WIDE}`}>{framesOf(shot)}</span>
        <span className={`truncate ${WIDE} ${shot.fault ? "text-bad" : "text-quiet tabular-nums"}`} title={shot.fault || undefined}>
          {shot.fault || sizeOf(shot)}
        </span>
      </Link>
      <div className={`w-32 lg:w-36 ${MIDDLE}`}>
        <Assignee shot={shot} canAssign={canAssign} />
      </div>
    </div>
  );
}

/** What the columns are; some of them can be sorted by. */
function Head({ sort, onSort, onPick }: ListProps & Sorted) {
  return (
    <div className="mx-4 flex items-center gap-3 overflow-y-scroll border-b border-line pl-2 text-xs text-quiet [scrollbar-color:transparent_transparent] lg:mx-6">
      {onPick && <span className="w-4" />}
      <div className={`${COLUMNS} min-w-0 flex-1 py-1.5`}>
        <span />
        <SortedBy name="name" label="Name" sort={sort} onSort={onSort} />
        <SortedBy name="state" label="State" sort={sort} onSort={onSort} look={MIDDLE} />
        <span>Review</span>
        <SortedBy name="frames" label="Frames" sort={sort} onSort={onSort} look={WIDE} />
        <span className={WIDE}>Plate</span>
      </div>
      <span className={`w-32 px-1.25 lg:w-36 ${MIDDLE}`}>Who works on it</span>
    </div>
  );
}

interface SortedByProps extends Sorted {
  name: "name" | "state" | "frames";
  label: string;
  look?: string;
}

function SortedBy({ name, label, sort, onSort, look = "" }: SortedByProps) {
  const way = sort === name ? "up" : sort === `-${name}` ? "down" : "";
  return (
    <button
      type="button"
      className={`flex items-center gap-1 text-left hover:text-text ${look} ${way ? "text-text" : ""}`}
      onClick={() => onSort(way === "up" ? `-${name}` : name)}
    >
      {label}
      <span aria-hidden className="w-3">
        {way === "up" ? "▲" : way === "down" ? "▼" : ""}
      </span>
      <span className="sr-only">{way ? `, sorted ${way}` : ", sort by it"}</span>
    </button>
  );
}

