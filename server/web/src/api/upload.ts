import { api, ask, Problem } from "./client";

const PIECE = 8 * 2 ** 20;
const TRIES = 6;

/** Sends a plate in pieces; after a lost connection it asks how much is there, and goes on. */
export async function uploadPlate(project: string, file: File, onSent: (share: number) => void): Promise<void> {
  const name = file.name.replace(/\.[^.]+$/, "");
  const form = new FormData();
  for (const [key, value] of Object.entries({ name, file_name: file.name, size: String(file.size) })) form.append(key, value);
  const made = await ask(
    api.POST("/api/v1/projects/{project_id}/shots", {
      params: { path: { project_id: project } },
      body: form as never,
      bodySerializer: (body: unknown) => body as FormData,
    }),
  );
  const upload = made.upload?.id ?? "";
  let received = 0;
  let failures = 0;
  while (received < file.size) {
    try {
      received = await sendPiece(upload, received, file.slice(received, received + PIECE));
      failures = 0;
    } catch (error) {
      if (!(error instanceof Problem) || (error.status !== 0 && error.status < 500) || ++failures > TRIES) throw error;
      await new Promise((done) => setTimeout(done, 500 * 2 ** failures));
      received = await askReceived(upload).catch(() => received);
    }
    onSent(received / file.size);
  }
}

async function sendPiece(upload: string, offset: number, piece: Blob): Promise<number> {
  const answer = await ask(
    api.PATCH("/api/v1/uploads/{upload_id}", {
      params: { path: { upload_id: upload }, query: { offset } },
      body: piece as never,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
  return answer.received;
}

async function askReceived(upload: string): Promise<number> {
  return (await ask(api.GET("/api/v1/uploads/{upload_id}", { params: { path: { upload_id: upload } } }))).received;
}
