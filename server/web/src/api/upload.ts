import { api, ask, type OpenUpload, PIECE_TYPE, Problem, REFUSED, untilAnswered } from "./client";

const PIECE = 8 * 2 ** 20;
const TRIES = 6;
const CHANGED_ELSEWHERE = 409;

/** What is to be done with a file: begin, or go on with what was begun before. */
export type Plan = { kind: "begin" } | { kind: "go on"; upload: OpenUpload } | { kind: "other file"; upload: OpenUpload };

/** The name of a shot that is made of a file. */
export function shotNameOf(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, "");
}

/** Whether an upload that was cut is the same file's: its shot has the same name, and it is as large. */
export function planOf(file: { name: string; size: number }, open: OpenUpload[]): Plan {
  const upload = open.find((one) => one.shot_name === shotNameOf(file.name));
  if (upload === undefined) return { kind: "begin" };
  return { kind: upload.size === file.size ? "go on" : "other file", upload };
}

export interface Progress {
  signal: AbortSignal;
  onSent: (bytes: number) => void;
}

/** Sends a plate in pieces. After a lost connection, a pause or a closed tab it asks how much is there, and goes on.
 * Raises Problem for what the hub does not take, Error for a file that cannot be read any more. */
export async function uploadPlate(project: string, file: File, { signal, onSent }: Progress): Promise<void> {
  const upload = await untilAnswered(() => uploadFor(project, file, signal), signal);
  let received = upload.received;
  let failures = 0;
  onSent(received);
  while (received < file.size) {
    signal.throwIfAborted();
    const piece = await read(file.slice(received, received + PIECE));
    try {
      received = await sendPiece(upload.id, received, piece, signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted || !isPassing(error) || ++failures > TRIES) throw error;
      await new Promise((done) => setTimeout(done, 500 * 2 ** failures));
      received = await untilAnswered(() => askReceived(upload.id), signal).catch(() => received);
    }
    onSent(received);
  }
}

/** A piece of a file. Browsers refuse one of a file that was written since it was chosen, so that no two are mixed. */
async function read(piece: Blob): Promise<Blob> {
  try {
    return new Blob([await piece.arrayBuffer()]);
  } catch {
    throw new Error("The file was changed, or is gone. Add it again.");
  }
}

/** Whether it may be different the next time: no connection, a token that was too old, a fault of the hub, or an answer that
 * was lost. */
function isPassing(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || error.status >= 500 || [REFUSED, CHANGED_ELSEWHERE].includes(error.status));
}

async function uploadFor(project: string, file: File, signal: AbortSignal): Promise<{ id: string; received: number }> {
  const path = { project_id: project };
  const plan = planOf(file, await ask(api.GET("/api/v1/projects/{project_id}/uploads", { params: { path }, signal })));
  if (plan.kind === "go on") return plan.upload;
  if (plan.kind === "other file") {
    const sizes = `It has ${plan.upload.size} bytes, this one has ${file.size}.`;
    throw new Problem(CHANGED_ELSEWHERE, `Another file is on its way as “${plan.upload.shot_name}”.`, sizes);
  }
  const form = new FormData();
  const said = { name: shotNameOf(file.name), file_name: file.name, size: String(file.size) };
  for (const [key, value] of Object.entries(said)) form.append(key, value);
  const made = await ask(
    api.POST("/api/v1/projects/{project_id}/shots", {
      params: { path },
      body: form as never,
      bodySerializer: (body: unknown) => body as FormData,
      signal,
    }),
  );
  return { id: made.upload?.id ?? "", received: 0 };
}

async function sendPiece(upload: string, offset: number, piece: Blob, signal: AbortSignal): Promise<number> {
  const answer = await ask(
    api.PATCH("/api/v1/uploads/{upload_id}", {
      params: { path: { upload_id: upload }, query: { offset } },
      body: piece as never,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { "Content-Type": PIECE_TYPE },
      signal,
    }),
  );
  return answer.received;
}

async function askReceived(upload: string): Promise<number> {
  return (await ask(api.GET("/api/v1/uploads/{upload_id}", { params: { path: { upload_id: upload } } }))).received;
}
