import { useVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useKeptPlace } from "../../parts/kept-place";
import { useListKeys } from "../../parts/list-keys";
import { Assignee } from "./assignee";
import { type ListProps, useMore } from "./list";
import { addressOf, framesOf, PickBox, PlateState, type ShotProps, Standing, Thumbnail } from "./pieces";

const CARD_PX = 250;
const GAP_PX = 12;
const TEXT_PX = 90;

/** A picture each, as many side by side as there is room for; only those that are in view are there. */
export function Grid(props: ListProps) {
  const { shots, selection, canAssign, onPick } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { initialOffset, onScroll } = useKeptPlace();
  const width = useWidth(scroller);
  const columns = Math.max(1, Math.floor((width + GAP_PX) / (CARD_PX + GAP_PX)));
  const rowPx = Math.round((((width + GAP_PX) / columns - GAP_PX) * 9) / 16) + TEXT_PX + GAP_PX;
  const rows = useVirtualizer({
    initialOffset,
    count: Math.ceil(shots.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 1,
  });
  useLayoutEffect(() => rows.measure(), [rows, rowPx]);
  const shown = rows.getVirtualItems();
  useMore((shown.at(-1)?.index ?? 0) * columns, props);
  const pickAt = (index: number, isRange = false) => shots[index] && onPick?.(shots[index], isRange);
  const { setAt, focusAt } = useListKeys({
    count: shots.length,
    columns,
    show: (index) => rows.scrollToIndex(Math.floor(index / columns)),
    keys: { x: pickAt, range: (index) => pickAt(index, true) },
  });
  return (
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-scroll px-4 pb-16 lg:px-6"
      tabIndex={0}
      role="region"
      aria-label="Shots"
      onScroll={onScroll}
    >
      <ul style={{ height: rows.getTotalSize(), position: "relative" }}>
        {shown.flatMap((row) =>
          shots.slice(row.index * columns, (row.index + 1) * columns).map((shot, column) => {
            const index = row.index * columns + column;
            return (
              <li
                key={shot.id}
                className="absolute"
                style={{
                  width: `calc((100% + ${GAP_PX}px) / ${columns} - ${GAP_PX}px)`,
                  left: `calc((100% + ${GAP_PX}px) * ${column / columns})`,
                  height: rowPx - GAP_PX,
                  transform: `translateY(${row.start}px)`,
                }}
              >
                <Card
                  shot={shot}
                  isPicked={selection.picked.has(shot.id)}
                  onPick={onPick}
                  linkRef={focusAt(index)}
                  onFocus={() => setAt(index)}
                  canAssign={canAssign}
                />
              </li>
            );
          }),
        )}
      </ul>
    </div>
  );
}

function Card({ shot, isPicked, onPick, linkRef, onFocus, canAssign }: ShotProps) {
  return (
    <div
      className={`panel relative flex h-full flex-col ${isPicked ? "border-accent bg-accent/15" : "hover:border-quiet"}`}
      onFocus={onFocus}
    >
      <Link ref={linkRef} to={addressOf(shot)} className="flex min-h-0 flex-1 flex-col rounded">
        <Thumbnail shot={shot} className="min-h-0 w-full flex-1 rounded-t-[3px]" />
        <span className="truncate px-3 pt-2 font-medium">{shot.name}</span>
        <span className="flex items-baseline justify-between gap-2 px-3 text-quiet">
          {shot.state === "ready" ? <Standing shot={shot} /> : <PlateState shot={shot} />}
          <span className="tabular-nums">{framesOf(shot)}</span>
        </span>
      </Link>
      <div className="px-2 pb-1.5">
        <Assignee shot={shot} canAssign={canAssign} />
      </div>
      {onPick && (
        <div className="absolute top-2 left-2 flex rounded bg-room/80 p-1.5">
          <PickBox shot={shot} isPicked={isPicked} onPick={onPick} />
        </div>
      )}
    </div>
  );
}

/** How much room there is for cards. */
function useWidth(of: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = of.current;
    if (element === null) return undefined;
    const measure = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      setWidth(element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight));
    };
    const watch = new ResizeObserver(measure);
    measure();
    watch.observe(element);
    return () => watch.disconnect();
  }, [of]);
  return width;
}
