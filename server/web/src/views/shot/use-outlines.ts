import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ask, type Version } from "../../api/client";
import type { Range } from "../../player/clock";
import type { Outline } from "../../player/layers/knot-layer";
import { isMove, type Knot, NO_WORK, removedKnots, type Work } from "../../work/work";
import type { Objects } from "./use-objects";

const PIECE = 50;

interface Outlines {
  outlines: Outline[];
  /** Frames with a key of each shape. */
  keys: Record<string, number[]>;
}

/** A version's shapes on a frame, as they are with what was moved since. They are fetched some frames at a time. */
export function useOutlines(version: Version | undefined, range: Range, frame: number, { colours, hidden }: Objects, work: Work, isWanted: boolean): Outlines {
  const first = range.first + Math.floor((frame - range.first) / PIECE) * PIECE;
  const last = Math.min(first + PIECE - 1, range.last);
  const found = useQuery({
    queryKey: ["outlines", version?.id, first],
    enabled: isWanted && version !== undefined,
    staleTime: Infinity,
    retry: false,
    queryFn: () => {
      const params = { path: { version_id: version?.id ?? "" }, query: { first, last } };
      return ask(api.GET("/api/v1/versions/{version_id}/outlines", { params }));
    },
  });
  const data = isWanted ? found.data : undefined;
  return useMemo(() => {
    const own = work.edited === version?.number ? work : NO_WORK;
    const edits = own.edits.filter(isMove).filter((edit) => edit.frame === frame);
    const gone = new Set(own.edits.flatMap((edit) => (edit.do === "delete" ? [edit.shape] : [])));
    const there = (data?.frames[String(frame)] ?? []).filter((one) => !gone.has(one.shape) && !hidden.has(one.object));
    const outlines: Outline[] = there.map((one) => {
      const edit = edits.find(({ shape }) => shape === one.shape);
      return {
        shape: one.shape,
        colour: colours.get(one.object) ?? "#fff",
        isClosed: one.closed,
        isKey: one.is_key || edit !== undefined,
        isLocked: one.is_locked,
        knots: (edit?.knots ?? one.knots) as Knot[],
        removed: removedKnots(own, one.shape),
      };
    });
    const drawn = own.edits.flatMap((edit): Outline[] =>
      edit.do === "add" && edit.frame === frame
        ? [{ shape: `${edit.object}/${edit.name}`, colour: "#fff", isClosed: true, isKey: true, isLocked: true, knots: edit.knots as Knot[], removed: new Set() }]
        : [],
    );
    return { outlines: [...drawn, ...outlines], keys: data?.keys ?? {} };
  }, [data, version, frame, colours, hidden, work]);
}
