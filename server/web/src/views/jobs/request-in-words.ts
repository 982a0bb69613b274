import { counted } from "../../parts/counted";

interface Prompt {
  object: string;
  frame: number;
  positive?: unknown[];
  negative?: unknown[];
  box?: unknown;
  painted?: unknown;
  version?: unknown;
}

interface Words {
  text: string;
  object?: string;
  frame?: number | null;
  most?: number;
  confidence?: number;
}

const DIRECTIONS: Record<string, string> = {
  both: "followed forwards and backwards",
  forward: "followed forwards",
  backward: "followed backwards",
};

const FIXED: Record<string, string> = {
  check: "Open the plate, read its frames and make a thumbnail.",
  proxy: "Make a small picture of every frame for the page.",
  reshape: "Take over shapes that were edited by hand.",
};

/** What a job was asked, in sentences: an object or a setting each. */
export function requestInWords(kind: string, request: Record<string, unknown>): string[] {
  const fixed = FIXED[kind];
  if (fixed !== undefined) return [fixed];
  const asked = () => [...objects(request), ...changes(request), way(request)];
  const lines = kind === "export" ? [`Write ${listed(request.formats)}.`] : asked();
  return [...lines, ...settings(request)].filter(Boolean);
}

function objects(request: Record<string, unknown>): string[] {
  const byObject = new Map<string, Prompt[]>();
  for (const one of entries<Prompt>(request.prompts)) byObject.set(one.object, [...(byObject.get(one.object) ?? []), one]);
  const shown = [...byObject].map(([object, prompts]) => `${object}: ${marks(prompts)} on ${frames(prompts)}.`);
  return [...shown, ...entries<Words>(request.texts).map(sought)];
}

function marks(prompts: Prompt[]): string {
  const sum = (name: "positive" | "negative") => prompts.reduce((count, one) => count + (one[name]?.length ?? 0), 0);
  const having = (name: "box" | "painted" | "version") => prompts.filter((one) => one[name] != null).length;
  const said = [
    some(sum("positive"), "point"),
    some(sum("negative"), "point to leave out", "points to leave out"),
    some(having("box"), "box", "boxes"),
    some(having("painted"), "painted mask"),
    some(having("version"), "mask of an earlier version", "masks of an earlier version"),
  ].filter(Boolean);
  return said.join(", ") || "what was said is taken back";
}

function frames(prompts: Prompt[]): string {
  const all = [...new Set(prompts.map((one) => one.frame))].sort((one, other) => one - other);
  if (all.length <= 3) return `${all.length === 1 ? "frame" : "frames"} ${all.join(", ")}`;
  return `${all.length} frames from ${all[0]} to ${all.at(-1)}`;
}

function sought({ text, object, frame, most = 1, confidence = 0 }: Words): string {
  const where = frame == null ? "in the middle of the shot" : `on frame ${frame}`;
  const many = most === 1 ? "the surest" : `the ${most} surest`;
  const sure = confidence > 0 ? `, at least ${Math.round(confidence * 100)} % sure` : "";
  return `“${text}”${object ? ` as ${object}` : ""}: ${many} ${where}${sure}.`;
}

function changes(request: Record<string, unknown>): string[] {
  const made = entries<{ name: string; operation?: string; objects: string[] }>(request.combine);
  const gone = entries<string>(request.delete);
  const finished = Object.keys((request.finish as object | undefined) ?? {});
  return [
    ...made.map((one) => `${one.name}: ${one.operation ?? "union"} of ${one.objects.join(", ")}.`),
    gone.length > 0 ? `Take out ${gone.join(", ")}.` : "",
    finished.length > 0 ? `Finish the masks of ${finished.join(", ")}.` : "",
  ];
}

function way({ first, last, direction }: Record<string, unknown>): string {
  const from = first == null ? "" : ` from frame ${String(first)}`;
  const to = last == null ? "" : ` to frame ${String(last)}`;
  const range = from + to || " through the whole shot";
  return `Objects are ${DIRECTIONS[String(direction ?? "both")] ?? "followed"}${range}.`;
}

function settings(request: Record<string, unknown>): string[] {
  const engine = request.engine ? `Model: ${String(request.engine).split("+").join(" and ")}.` : "";
  const preset = (request.curves as { preset?: string } | null | undefined)?.preset;
  return [engine, preset ? `Shapes: ${preset}.` : ""];
}

function entries<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}

function some(count: number, one: string, many?: string): string {
  return count === 0 ? "" : counted(count, one, many);
}

function listed(value: unknown): string {
  return entries<string>(value).join(", ") || "nothing";
}
