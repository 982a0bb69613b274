import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ask, type Shot, type Version } from "../../api/client";
import { type Range, within } from "../../player/clock";
import type { Footage, MaskFile } from "../../player/footage";
import type { Objects } from "./use-objects";
import { maskFiles, type Masks } from "./use-shot";

/** Masks that stand in place of a version's own, by “object/frame”: answers to clicks, painted masks. */
export type Overrides = Map<string, string>;

export function overrideKey(object: string, frame: number): string {
  return `${object}/${frame}`;
}

interface Looked {
  version: Version | undefined;
  masks: Masks;
}

/** What the player plays: a version with what was done to it since, and what it is compared with. */
export function useFootage(
  shot: Shot,
  range: Range,
  { colours, hidden }: Objects,
  chosen: Looked,
  other: Looked,
  overrides: Overrides,
  ground: Footage["ground"],
): Footage {
  return useMemo(() => {
    const seen = (files: MaskFile[]) => files.filter(({ object }) => !hidden.has(object));
    const withOverrides = (frame: number) => {
      const files = maskFiles(shot, chosen.version, chosen.masks, colours, frame);
      return [...colours].flatMap(([object, colour]) => {
        const path = overrides.get(overrideKey(object, frame));
        const own = files.find((file) => file.object === object);
        return path ? [{ object, path, colour }] : own ? [own] : [];
      });
    };
    return {
      range,
      fps: shot.fps ?? 24,
      plate: (frame) => `/api/v1/shots/${shot.id}/frames/${frame}`,
      masks: (frame) => seen(withOverrides(frame)),
      compared: other.version ? (frame) => seen(maskFiles(shot, other.version, other.masks, colours, frame)) : undefined,
      ground,
    };
  }, [shot, range, colours, hidden, chosen.version, chosen.masks, other.version, other.masks, overrides, ground]);
}

/** Another shot, once it is known; none for an empty id. */
export function useShot(id: string): Shot | undefined {
  return useQuery({
    queryKey: ["shot", id],
    enabled: id !== "",
    queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}", { params: { path: { shot_id: id } } })),
  }).data;
}

/** The frames of another shot, to lie behind this one's: the first with the first. */
export function useGround(shot: string, range: Range): Footage["ground"] {
  const other = useShot(shot);
  return useMemo(() => {
    const { first_frame: first, last_frame: last } = other ?? {};
    if (first == null || last == null) return undefined;
    return (frame) => `/api/v1/shots/${shot}/frames/${within(first + frame - range.first, { first, last })}`;
  }, [shot, other, range]);
}
