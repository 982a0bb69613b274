import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ask, type Job, type Shot, type Version } from "../../api/client";
import type { MaskFile } from "../../player/footage";
import type { Prompt } from "../../work/work";

/** What a version holds: for each object the frames that have a mask. */
export type Masks = Map<string, Set<number>>;

/** Of a version whose masks are not known yet. */
export const UNKNOWN: Masks = new Map();

export function useMasks(shot: Shot, version: Version | undefined): Masks {
  const masks = useQuery({
    queryKey: ["masks", version?.id],
    enabled: version !== undefined,
    queryFn: () => {
      const params = { path: { shot_id: shot.id }, query: { version: version?.number } };
      return ask(api.GET("/api/v1/shots/{shot_id}/masks", { params }));
    },
  });
  const frames = masks.data?.frames;
  return useMemo(() => (frames ? new Map(Object.entries(frames).map(([name, there]) => [name, new Set(there)])) : UNKNOWN), [frames]);
}

/** A version's masks on a frame, in these colours by object. */
export function maskFiles(shot: Shot, version: Version | undefined, masks: Masks, colours: Map<string, string>, frame: number): MaskFile[] {
  return [...colours].flatMap(([object, colour]) =>
    version && masks.get(object)?.has(frame) ? [{ object, path: maskPath(shot, version, object, frame), colour }] : [],
  );
}

export function maskPath(shot: Shot, version: Version, object: string, frame: number): string {
  return `/api/v1/shots/${shot.id}/masks/${encodeURIComponent(object)}/${frame}?version=${version.number}`;
}

/** The job that made a version: what was asked, where objects were prompted, and where they were lost. */
export function useMaker(version: Version | undefined): Job | undefined {
  const job = useQuery({
    queryKey: ["maker", version?.job_id],
    enabled: version !== undefined,
    staleTime: Infinity,
    queryFn: () => ask(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: version?.job_id ?? "" } } })),
  });
  return job.data;
}

/** What was said when a version was made, as its job's request has it. */
export function promptsOf(job: Job | undefined): Prompt[] {
  return (job?.request.prompts as Prompt[] | undefined) ?? [];
}

/** Whether an object is prompted on a frame of a version. */
export function isPrompted(job: Job | undefined, object: string, frame: number): boolean {
  const said = (job?.result?.prompted ?? {}) as Record<string, number[]>;
  return said[object]?.includes(frame) === true;
}

/** Frames by object, as a job's result has them, together. */
export function framesIn(job: Job | undefined, name: "prompted" | "needs_click" | "uncertain"): number[] {
  const said = (job?.result?.[name] ?? {}) as Record<string, number[]>;
  return [...new Set(Object.values(said).flat())].sort((one, other) => one - other);
}

/** Frames where a job's result has an object prompted. */
export function promptedIn(job: Job | undefined, object: string): number[] {
  return ((job?.result?.prompted ?? {}) as Record<string, number[]>)[object] ?? [];
}

export function useStatus(shot: Shot) {
  return useQuery({
    queryKey: ["status", shot.id],
    queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}/status", { params: { path: { shot_id: shot.id } } })),
  });
}
