import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useNavigate, useSearchParams } from "react-router";
import { api, type Note, type Shot } from "../../api/client";
import { addressOf, nextAfter, useReviewQueue } from "../../api/review-queue";
import { State } from "../../parts/states";
import { useActOnce } from "../../parts/toasts";
import { Notes } from "./notes";
import type { Bench } from "./use-bench";

/** What was said of a shot, and the ways to say more: a note or a drawing on this frame, a retake with a reason, an
 * approval. */
export function Review({ bench }: { bench: Bench }) {
  const { shot, versions, notes, canWork, canReview, isSeen } = bench;
  const { frame, chosen: version, change } = bench.view;
  const { draft } = bench;
  const { text, answered, drawing, isDrawing } = draft;
  const [act, isBusy] = useActOnce("history", "versions", "review-queue", "shots");
  const canSend = !isBusy && text.trim() !== "";
  const goOn = useNextInQueue(shot);
  const [isReasonMissing, setIsReasonMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const approval = useRef<HTMLButtonElement>(null);
  const { sought, setSought } = draft;
  useEffect(() => {
    if (sought === null || (sought === "judgement" && !isSeen)) return;
    (sought === "note" ? field : approval).current?.focus();
    setSought(null);
  }, [sought, setSought, isSeen]);
  const at = { params: { path: { version_id: answered?.version_id ?? version?.id ?? "" } } };
  const drawn = drawing ? { frame: drawing.frame, drawing: drawing.strokes } : {};
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const where = answered ? { answers: answered.id } : { frame, ...drawn };
    if (!(await act(() => api.POST("/api/v1/versions/{version_id}/notes", { ...at, body: { text, ...where } })))) return;
    setIsReasonMissing(false);
    if (answered) draft.change({ text: "", answered: null });
    else draft.clear();
  };
  const judge = async (status: "approved" | "retake") => {
    setIsReasonMissing(status === "retake" && text.trim() === "");
    if (status === "retake" && text.trim() === "") return field.current?.focus();
    const params = { path: { version_id: version?.id ?? "" } };
    const headers = { "If-Match": `"${version?.revision}"` };
    const judged = () => api.POST("/api/v1/versions/{version_id}/judgement", { params, headers, body: { status, text, ...drawn } });
    if (!(await act(judged, status === "approved" ? "Approved." : "A retake is asked for."))) return;
    flushSync(draft.clear); // it was sent: nobody is to be asked whether it may be lost
    goOn();
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return; // the keys are for the characters that are being put together
    if (event.key === "Escape") bench.room.current?.focus();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && canSend) event.currentTarget.form?.requestSubmit();
  };
  const answer = (note: Note) => {
    draft.change({ answered: note });
    field.current?.focus();
  };
  return (
    <>
      <div className="min-h-0 flex-1 overflow-auto p-4 max-lg:max-h-72" tabIndex={0} role="region" aria-label="Notes">
        <Notes notes={notes} versions={versions} frame={frame} onFrame={(to) => change("frame", to)} onAnswer={canWork ? answer : null} />
        {notes.length === 0 && <p className="text-quiet">{version ? "Nothing was said yet." : "No version yet."}</p>}
      </div>
      {version && canWork && (
        <form onSubmit={(event) => void submit(event)} className="grid gap-3 border-t border-line p-4">
          {answered && (
            <p className="flex gap-2 text-quiet">
              <span className="min-w-0 flex-1 truncate">In answer to “{answered.text}”</span>
              <button type="button" className="hover:text-text" onClick={() => draft.change({ answered: null })}>
                not any more
              </button>
            </p>
          )}
          <label className="grid gap-1">
            <span className="text-quiet">Note, or the reason for a retake</span>
            <textarea
              ref={field}
              className="field min-h-20"
              value={text}
              onChange={(event) => draft.change({ text: event.target.value })}
              onKeyDown={press}
            />
          </label>
          <div className="flex flex-wrap gap-2">
            <button className="button" disabled={!canSend}>
              {answered ? "Answer" : `Note on frame ${drawing?.frame ?? frame}`}
            </button>
            <button type="button" className="button" aria-pressed={isDrawing} onClick={() => draft.setIsDrawing(!isDrawing)}>
              {isDrawing ? "Drawing …" : "Draw"}
            </button>
            {drawing && (
              <button type="button" className="button" onClick={draft.takeLineBack}>
                Last line away
              </button>
            )}
          </div>
          {drawing && drawing.frame !== frame && (
            <p className="text-quiet">
              Its lines are on{" "}
              <button type="button" className="text-accent hover:underline" onClick={() => change("frame", drawing.frame)}>
                frame {drawing.frame}
              </button>
              .
            </p>
          )}
          <div className="flex items-center gap-2">
            <span className="flex-1">
              {isReasonMissing ? (
                <span role="alert" className="text-bad">
                  A retake needs a reason.
                </span>
              ) : (
                <State of={version.status} />
              )}
            </span>
            {canReview && (
              <>
                <button type="button" className="button" disabled={isBusy || !isSeen} onClick={() => void judge("retake")}>
                  Retake
                </button>
                <button
                  ref={approval}
                  type="button"
                  className="button-main"
                  disabled={isBusy || !isSeen}
                  onClick={() => void judge("approved")}
                >
                  Approve
                </button>
              </>
            )}
          </div>
        </form>
      )}
    </>
  );
}

/** Whoever came from the queue goes on with the next shot in it. */
function useNextInQueue(shot: Shot): () => void {
  const navigate = useNavigate();
  const [address] = useSearchParams();
  const project = address.get("project") ?? "";
  const queue = useReviewQueue(project);
  const isFromQueue = address.get("queue") !== null;
  return () => {
    if (!isFromQueue) return;
    const next = nextAfter(shot.id, queue.data?.versions ?? []);
    void navigate(next ? addressOf(next, project) : `/review${project && `?project=${project}`}`);
  };
}
