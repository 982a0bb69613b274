import type { Template } from "../../api/client";
import { counted } from "../../parts/counted";

const CURVES = { tight: "tight curves", balanced: "", loose: "loose curves" };
const DIRECTIONS = { both: "", forward: "only forward", backward: "only backward" };

/** What a template asks for, in a few words each; what every shot gets anyway is left out. */
export function asked(content: Template["content"]): string[] {
  const { texts = [], prompts = [], curves, engine, direction = "both", first, last, priority = 50 } = content;
  return [
    ...texts.map(({ text, most = 1 }) => `“${text}”${most > 1 ? `, up to ${most}` : ""}`),
    prompted(prompts),
    CURVES[curves?.preset ?? "balanced"],
    engine ? `model ${engine}` : "",
    first == null && last == null ? "" : `frames ${first ?? "first"}–${last ?? "last"}`,
    DIRECTIONS[direction],
    priority === 50 ? "" : `urgency ${priority}`,
  ].filter((words) => words !== "");
}

function prompted(prompts: NonNullable<Template["content"]["prompts"]>): string {
  if (prompts.length === 0) return "";
  const objects = new Set(prompts.map((one) => one.object));
  const frames = new Set(prompts.map((one) => one.frame));
  return `${[...objects].join(", ")} by points and boxes on ${counted(frames.size, "frame")}`;
}
