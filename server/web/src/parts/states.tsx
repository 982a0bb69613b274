import type { ReactNode } from "react";
import { Problem } from "../api/client";

export function Loading({ what }: { what: string }) {
  return (
    <p role="status" className="p-8 text-quiet">
      Loading {what} …
    </p>
  );
}

/** What went wrong, in the hub's words, and a way to try again. */
export function Wrong({ error, retry }: { error: unknown; retry?: () => void }) {
  const said = error instanceof Problem ? error : new Problem(0, String(error), "");
  const title = said.status === 404 ? "There is nothing here, or you are not in its project." : said.title;
  return (
    <div role="alert" className="m-8 max-w-xl rounded border border-bad/60 bg-panel p-4">
      <p className="font-medium text-bad">{title}</p>
      {said.detail && <p className="mt-1 text-quiet">{said.detail}</p>}
      {retry && (
        <button className="button mt-3" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="m-8 rounded border border-dashed border-line p-10 text-center">
      <p className="font-medium">{title}</p>
      {children && <div className="mt-2 text-quiet">{children}</div>}
    </div>
  );
}

const TONES: Record<string, string> = {
  ready: "text-good",
  done: "text-good",
  approved: "text-good",
  refused: "text-bad",
  failed: "text-bad",
  retake: "text-bad",
  pending: "text-wait",
  running: "text-accent",
  given: "text-accent",
};

/** A state as a word; the colour only repeats it. */
export function State({ of: state }: { of: string }) {
  return <span className={`whitespace-nowrap ${TONES[state] ?? "text-quiet"}`}>{state === "pending" ? "to review" : state}</span>;
}
