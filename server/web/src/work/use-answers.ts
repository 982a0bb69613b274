import { useEffect, useState } from "react";
import { api, ask, type Job, sentenceOf, untilAnswered } from "../api/client";
import type { Prompt } from "./work";

const ASKED_EVERY_MS = 60;

/** What a prompt gives on its frame: where the mask is, how sure the engine is, and what else may be meant. */
export interface Answer {
  path: string;
  confidence: number;
  alternatives: string[];
}

interface Found {
  object: string;
  confidence: number;
  masks: string[];
}

/** Asks the hub what each prompt gives, as soon as it is made. Answers stay, so that a step back shows what was there. */
export function useAnswers(shot: string, prompts: Prompt[]): { answerTo: (prompt: Prompt) => Answer | null; isAsking: boolean; problem: string } {
  const [answers, setAnswers] = useState<Map<string, Answer | string>>(new Map());
  const open = prompts.find((prompt) => isAsked(prompt) && !answers.has(keyOf(prompt)));
  const key = open && keyOf(open);
  useEffect(() => {
    if (key === undefined) return undefined;
    const controller = new AbortController();
    void clicked(shot, JSON.parse(key) as Prompt, controller.signal)
      .catch(sentenceOf)
      .then((answer) => controller.signal.aborted || setAnswers((now) => new Map(now).set(key, answer)));
    return () => controller.abort();
  }, [shot, key]);
  const said = prompts.map((prompt) => answers.get(keyOf(prompt))).find((answer) => typeof answer === "string");
  return {
    answerTo: (prompt) => {
      const answer = answers.get(keyOf(prompt));
      return typeof answer === "object" ? answer : null;
    },
    isAsking: key !== undefined,
    problem: said ?? "",
  };
}

/** Why a job failed, and what to do. */
export function faultOf(job: Job): string {
  return `${String(job.error?.message ?? "")} ${String(job.error?.remedy ?? "")}`.trim();
}

/** A mask that is only held, or only painted, needs no engine. */
function isAsked({ positive, negative, box }: Prompt): boolean {
  return positive.length + negative.length > 0 || box !== undefined;
}

function keyOf(prompt: Prompt): string {
  return JSON.stringify(prompt);
}

async function clicked(shot: string, prompt: Prompt, signal: AbortSignal): Promise<Answer> {
  const at = { params: { path: { shot_id: shot } }, signal };
  const asking = () => ask(api.POST("/api/v1/shots/{shot_id}/click", { ...at, body: { prompts: [prompt] } }));
  let job: Job = await untilAnswered(asking, signal);
  while (!["done", "failed", "cancelled"].includes(job.state)) {
    await new Promise((go) => setTimeout(go, ASKED_EVERY_MS));
    job = await untilAnswered(() => ask(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: job.id } }, signal })), signal);
  }
  const found = (job.result?.objects as Found[] | undefined)?.[0];
  if (found === undefined) throw new Error(faultOf(job) || "It was not answered.");
  const [path, ...alternatives] = found.masks.map((name) => `/api/v1/jobs/${job.id}/files/${name}`);
  return { path: path!, confidence: found.confidence, alternatives };
}
