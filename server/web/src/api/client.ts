import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";
import { session } from "../session/session";

type Schemas = components["schemas"];
export type Project = Schemas["ProjectOut"];
export type Shot = Schemas["ShotOut"];
export type Version = Schemas["VersionOut"];
export type Note = Schemas["NoteOut"];
export type Job = Schemas["JobOut"];
export type QueuedJob = Schemas["QueuedJobOut"];
export type User = Schemas["UserOut"];
export type Worker = Schemas["WorkerOut"];
export type Statistics = Schemas["StatisticsOut"];
export type ProjectStatistics = Schemas["ProjectStatisticsOut"];
export type Member = Schemas["MemberOut"];
export type Team = Schemas["TeamOut"];
export type Template = Schemas["TemplateOut"];
export type Webhook = Schemas["WebhookOut"];
export type Delivery = Schemas["DeliveryOut"];
export type ApiKey = Schemas["KeyOut"];
export type AuditEntry = Schemas["AuditOut"];
export type StorageUse = Schemas["StorageOut"];
export type Person = Schemas["PersonOut"];
export type OpenUpload = Schemas["OpenUploadOut"];
export type ProjectCard = Schemas["ProjectCardOut"];
export type Queued = Schemas["QueuedOut"];

/** What went wrong, in the hub's words; `title` is for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(`${title} ${detail}`.trim());
  }
}

const NO_ANSWER = 0;
export const REFUSED = 401;
/** What the pieces of a plate are sent as. */
export const PIECE_TYPE = "application/octet-stream";
const ASKED_AGAIN_MS = 2000;
const NOT_KNOWN = "Whether this was done is seen once the connection is back; if it was not, do it again.";

/** What is asked before, and while, somebody logs in. */
const NEEDS_NO_LOG_IN = new Set(["/api/v1/setup", "/api/v1/login", "/api/v1/sso"]);

const fair: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined;
    throw await problemOf(response);
  },
};

/** Sends a request, for whoever is logged in. Raises Problem where it is not answered, as where the log-in cannot be renewed. */
async function send(request: Request): Promise<Response> {
  try {
    return await (NEEDS_NO_LOG_IN.has(new URL(request.url).pathname) ? fetch(request) : sendAsUser(request));
  } catch {
    const isRead = request.method === "GET";
    throw new Problem(NO_ANSWER, "The hub does not answer.", isRead ? "It is tried again as soon as the connection is back." : NOT_KNOWN);
  }
}

/** Once more with a new token where the first was too old: this machine's clock may have been set back. A piece of a plate
 * is not kept for that: its upload asks how much is there, and goes on. */
async function sendAsUser(request: Request): Promise<Response> {
  const again = request.headers.get("Content-Type") === PIECE_TYPE ? null : request.clone();
  const access = await session.access();
  const answer = await fetch(signed(request, access));
  if (answer.status !== REFUSED || access === "") return answer;
  session.giveUp(access);
  return again === null ? answer : fetch(signed(again, await session.access()));
}

function signed(request: Request, access: string): Request {
  if (access) request.headers.set("Authorization", `Bearer ${access}`);
  return request;
}

/** What went wrong, as a sentence for people. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const api = createClient<paths>({ baseUrl: "", fetch: send });
api.use(fair);

/** The data of an answer; the middleware has thrown where there is none. */
export async function ask<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** Asks again until the hub answers, as while it is restarted; for what may be done twice. Raises Problem. */
export async function untilAnswered<T>(asking: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await asking();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== NO_ANSWER || signal?.aborted) throw error;
      await new Promise((go) => setTimeout(go, ASKED_AGAIN_MS));
    }
  }
}

/** A file that needs the log-in, such as a frame or a mask. */
export async function fetchFile(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await send(new Request(new URL(path, location.href), { signal }));
  if (!response.ok) throw await problemOf(response);
  return response.blob();
}

async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.clone().json().catch(() => ({}))) as { title?: string; detail?: string };
  return new Problem(response.status, said.title ?? `The hub answered ${response.status}.`, said.detail ?? "");
}
