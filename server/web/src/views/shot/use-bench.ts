import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useBlocker } from "react-router";
import { api, ask, type Job, type Shot, type Version } from "../../api/client";
import { useIs } from "../../api/people";
import type { Range } from "../../player/clock";
import { FrameStore } from "../../player/frame-store";
import type { Selected } from "../../player/layers/knot-layer";
import { useHistory } from "../../work/history";
import { type Brush, paintedPath } from "../../work/painting";
import { useAnswers } from "../../work/use-answers";
import { NO_WORK, type Part, partOf, type Prompt, promptOn, withPainted, withSent } from "../../work/work";
import type { Tool } from "./tools";
import { useDraft } from "./use-draft";
import { overrideKey, type Overrides, useFootage, useGround } from "./use-footage";
import { useIsSeen } from "./use-is-seen";
import { useObjects } from "./use-objects";
import { useOutlines } from "./use-outlines";
import { usePainting } from "./use-painting";
import { useSentJobs } from "./use-sent-jobs";
import { maskPath, useMaker, useMasks, useStatus } from "./use-shot";
import { useView } from "./use-view";

export type Bench = ReturnType<typeof useBench>;

/** All that a shot's panels, its layers and its player share. */
export function useBench(shot: Shot, range: Range, versions: Version[]) {
  const view = useView(range, versions);
  const { frame, chosen, other, tab } = view;
  const canWork = useIs("artist", shot.project_id);
  const canReview = useIs("supervisor", shot.project_id);
  const plate = useMemo(() => ({ width: shot.width ?? 1, height: shot.height ?? 1 }), [shot.width, shot.height]);
  const store = useStore();
  const work = useHistory(NO_WORK);
  const draft = useDraft();
  const room = useRef<HTMLDivElement>(null);
  const maker = useMaker(chosen);
  const masks = useMasks(shot, chosen);
  const otherMasks = useMasks(shot, other);
  const objects = useObjects(masks, work.now);
  const answers = useAnswers(shot.id, work.now.prompts);
  const [isOutlined, setIsOutlined] = useState(false);
  const [span, setSpan] = useState<Range | null>(null);
  const [tool, setTool] = useState<Tool>("none");
  const [brush, setBrush] = useState<Brush>({ size: 40, softness: 0.2, erases: false });
  const [selected, setSelected] = useState<Selected | null>(null);
  const used = tab === "refine" ? tool : "none";

  const held = masks.get(objects.active)?.has(frame) ? chosen?.number : undefined;
  const madeMask = (prompt: Prompt | undefined) =>
    prompt ? (answers.answerTo(prompt)?.path ?? (prompt.painted ? paintedPath(prompt.painted) : null)) : null;
  const ownMask = chosen && held ? maskPath(shot, chosen, objects.active, frame) : null;
  const painting = usePainting(
    shot.id,
    store,
    plate,
    overrideKey(objects.active, frame),
    madeMask(promptOn(work.now, objects.active, frame)) ?? ownMask,
    used === "paint" || used === "erase",
    (name) => work.do(`${used === "erase" ? "Erased" : "Painted"} on ${frame}`, (now) => withPainted(now, objects.active, frame, name)),
  );
  const hasUnsent = work.history.at > 0 || painting.isKeeping || draft.isBegun;
  useLeaveWarning(hasUnsent);
  const made = work.now.prompts.flatMap((prompt): [string, string][] => {
    const path = madeMask(prompt);
    return path ? [[overrideKey(prompt.object, prompt.frame), path]] : [];
  });
  const footage = useFootage(
    shot,
    range,
    objects,
    { version: chosen, masks },
    { version: other, masks: otherMasks },
    useSame([...made, ...painting.livePaths]),
    useGround(view.ground, range),
  );
  const isSeen = useIsSeen(store, footage, chosen, masks, frame);
  const shapes = useOutlines(chosen, range, frame, objects, work.now, isOutlined || used === "knots");
  const history = useQuery({
    queryKey: ["history", shot.id],
    queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}/history", { params: { path: { shot_id: shot.id } } })),
  });
  const followJob = useSentJobs(versions, (made) => hasUnsent || view.change("version", made.number));
  /** Takes what was asked for out of the work, to which it comes back if it is not done; what comes of it is looked at, unless
   * there is work left on this version. */
  const send = async (asked: Promise<Job>, part: Part) => {
    const sent = partOf(work.now, part);
    const job = await asked;
    const bringBack = work.leave((now) => partOf(now, part === "masks" ? "shapes" : "masks"));
    followJob(job, () => bringBack("Not done", (now) => withSent(now, sent)));
    setSelected(null);
    setSpan(null);
  };
  return {
    shot,
    versions,
    view,
    canWork,
    canReview,
    isSeen,
    plate,
    store,
    work,
    send,
    masks,
    objects,
    answers,
    held,
    maker,
    jobs: useStatus(shot).data?.jobs ?? [],
    notes: history.data ?? [],
    footage,
    shapes,
    painting,
    outlined: { isOutlined, setIsOutlined },
    span: { span, setSpan },
    tools: { tool, used, setTool, brush, setBrush },
    selection: { selected, setSelected },
    draft,
    /** The player's, which takes its keys. */
    room,
  };
}

/** Asks before the page, or the shot, is left with work, or a note, that was not sent. */
function useLeaveWarning(hasWork: boolean): void {
  const way = useBlocker(({ currentLocation, nextLocation }) => hasWork && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (way.state !== "blocked") return;
    if (window.confirm("What you did here was not sent, and is lost when you leave the shot. Leave it?")) way.proceed();
    else way.reset();
  }, [way]);
  useEffect(() => {
    if (!hasWork) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [hasWork]);
}

function useStore(): FrameStore {
  const store = useMemo(() => new FrameStore(), []);
  useEffect(() => () => store.close(), [store]);
  return store;
}

/** The same map as before while it holds the same. */
function useSame(overrides: [string, string][]): Overrides {
  const key = JSON.stringify(overrides);
  return useMemo(() => new Map(JSON.parse(key) as [string, string][]), [key]);
}
