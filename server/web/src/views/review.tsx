import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Note, Problem, type Version } from "../api/client";
import { State } from "../parts/states";

interface Props {
  version: Version | undefined;
  versions: Version[];
  notes: Note[];
  frame: number;
  onFrame: (frame: number) => void;
}

/** What was said of a shot, and the ways to say more: a note on this frame, a retake with a reason, an approval. */
export function Review({ version, versions, notes, frame, onFrame }: Props) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const send = async (how: () => Promise<unknown>) => {
    try {
      setProblem("");
      await how();
      setText("");
    } catch (error) {
      setProblem(error instanceof Problem ? error.message : String(error));
    }
    for (const name of ["history", "versions"]) await client.invalidateQueries({ queryKey: [name] });
  };
  const at = { params: { path: { version_id: version?.id ?? "" } } };
  const note = () => send(() => api.POST("/api/v1/versions/{version_id}/notes", { ...at, body: { text, frame } }));
  const judge = (status: "approved" | "retake") =>
    send(() =>
      api.POST("/api/v1/versions/{version_id}/judgement", {
        ...at,
        headers: { "If-Match": `"${version?.revision}"` },
        body: { status, text },
      }),
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void note();
  };
  return (
    <>
      <ol className="min-h-0 flex-1 overflow-auto p-4">
        {notes.length === 0 && <li className="text-quiet">{version ? "Nothing was said yet." : "No version yet."}</li>}
        {notes.map((one) => (
          <li key={one.id} className="mb-3">
            <p className="flex gap-3 text-quiet">
              <span>Version {versions.find((other) => other.id === one.version_id)?.number ?? "deleted"}</span>
              {one.frame !== null && (
                <button className="text-accent hover:underline" onClick={() => onFrame(one.frame!)}>
                  frame {one.frame}
                </button>
              )}
              {one.status && <State of={one.status} />}
            </p>
            <p className="whitespace-pre-wrap">{one.text}</p>
          </li>
        ))}
      </ol>
      {version && (
        <form onSubmit={submit} className="grid gap-3 border-t border-line p-4">
          <label className="grid gap-1">
            <span className="text-quiet">Note, or the reason for a retake</span>
            <textarea className="field min-h-20" value={text} onChange={(event) => setText(event.target.value)} />
          </label>
          {problem && (
            <p role="alert" className="text-bad">
              {problem}
            </p>
          )}
          <div className="flex flex-wrap gap-2">
            <button className="button" disabled={text.trim() === ""}>
              Note on frame {frame}
            </button>
            <button type="button" className="button" onClick={() => void judge("retake")}>
              Retake
            </button>
            <button type="button" className="button-main" onClick={() => void judge("approved")}>
              Approve
            </button>
          </div>
        </form>
      )}
    </>
  );
}
