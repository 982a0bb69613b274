import { type Shot, sentenceOf } from "../../api/client";
import { counted } from "../../parts/counted";

const AT_ONCE = 4;
const NAMED = 5;

/** What came of something that was done to many shots: each one's answer, or why not. */
export interface Outcome<T> {
  done: T[];
  failed: { name: string; why: string }[];
}

/** Does the same to many shots, a few at once; one that fails keeps no other from being done. */
export async function doEach<T>(
  shots: Shot[],
  act: (shot: Shot) => Promise<T>,
  onProgress: (count: number) => void,
): Promise<Outcome<T>> {
  const left = [...shots];
  const outcome: Outcome<T> = { done: [], failed: [] };
  const work = async () => {
    for (let shot = left.shift(); shot !== undefined; shot = left.shift()) {
      try {
        outcome.done.push(await act(shot));
      } catch (error) {
        outcome.failed.push({ name: shot.name, why: sentenceOf(error) });
      }
      onProgress(outcome.done.length + outcome.failed.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcome;
}

/** What was done, and which were not, for a message at the page's edge. */
export function sentenceOfOutcome({ done, failed }: Outcome<unknown>, what: string): string {
  const success = `${counted(done.length, "shot")} ${what}.`;
  if (failed.length === 0) return success;
  const named = failed.slice(0, NAMED).map((one) => `${one.name}: ${one.why}`);
  const more = failed.length > NAMED ? ` And ${failed.length - NAMED} more.` : "";
  return `${success} ${failed.length} not: ${named.join(" ")}${more}`;
}
