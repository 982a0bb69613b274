import { useEffect } from "react";
import { type Sending, uploads } from "./upload-queue";

const UNDER_WAY = ["waiting", "sending"];
const SHOWN = 30;

/** The files on their way, each with its progress, and all together. */
export function Uploads({ own }: { own: Sending[] }) {
  const isUnderWay = own.some((one) => UNDER_WAY.includes(one.stage));
  useWarning(isUnderWay);
  const size = sum(own.map((one) => one.size));
  const sent = sum(own.map((one) => (one.stage === "sent" ? one.size : one.sent)));
  const done = own.filter((one) => one.stage === "sent").length;
  const still = own.filter((one) => one.stage === "paused" || one.stage === "failed");
  const left = own.filter((one) => one.stage !== "sent");
  return (
    <section aria-label="Uploads" className="border-t border-line px-6 py-2">
      <div className="flex items-center gap-3">
        <p role="status" className="w-40 tabular-nums">
          {done === own.length ? `All ${done} sent` : `${done} of ${own.length} sent`}
        </p>
        <Bar label="All uploads" className="h-1.5 flex-1" part={sent} whole={size} />
        <span className="w-12 text-right text-quiet tabular-nums">{percent(sent, size)}</span>
        <button
          type="button"
          className="button"
          disabled={!isUnderWay}
          onClick={() => own.forEach((one) => UNDER_WAY.includes(one.stage) && uploads.pause(one.id))}
        >
          Pause all
        </button>
        <button
          type="button"
          className="button"
          disabled={still.length === 0}
          onClick={() => still.forEach((one) => uploads.resume(one.id))}
        >
          Go on
        </button>
        <button
          type="button"
          className="button"
          disabled={done === 0}
          onClick={() => own.forEach((one) => one.stage === "sent" && uploads.remove(one.id))}
        >
          {left.length === 0 ? "Close" : "Forget what is sent"}
        </button>
      </div>
      {left.length > 0 && (
        <ul className="mt-2 max-h-36 overflow-auto">
          {left.slice(0, SHOWN).map((one) => (
            <File key={one.id} file={one} />
          ))}
          {left.length > SHOWN && <li className="text-quiet">and {left.length - SHOWN} more</li>}
        </ul>
      )}
    </section>
  );
}

function File({ file }: { file: Sending }) {
  const { id, name, stage, sent, size, problem } = file;
  return (
    <li className="flex h-8 items-center gap-3">
      <span className="w-64 truncate max-md:w-32">{name}</span>
      <Bar label={name} className="h-1 w-40 max-md:w-12" part={sent} whole={size} />
      <span className="w-12 text-right text-quiet tabular-nums">{percent(sent, size)}</span>
      <span className={`min-w-0 flex-1 truncate ${problem ? "text-bad" : "text-quiet"}`} title={problem || undefined}>
        {problem || stage}
      </span>
      {UNDER_WAY.includes(stage) && (
        <button type="button" className="text-quiet hover:text-text" onClick={() => uploads.pause(id)}>
          Pause<span className="sr-only"> {name}</span>
        </button>
      )}
      {(stage === "paused" || stage === "failed") && (
        <button type="button" className="text-accent hover:underline" onClick={() => uploads.resume(id)}>
          {stage === "paused" ? "Go on" : "Try again"}
          <span className="sr-only"> with {name}</span>
        </button>
      )}
      <button
        type="button"
        aria-label={`Take ${name} off the list`}
        className="px-1 text-quiet hover:text-text"
        onClick={() => uploads.remove(id)}
      >
        ✕
      </button>
    </li>
  );
}

function Bar({ label, className, part, whole }: { label: string; className: string; part: number; whole: number }) {
  return (
    <progress
      aria-label={label}
      className={`appearance-none overflow-hidden rounded bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent ${className}`}
      max={whole || 1}
      value={part}
    />
  );
}

/** The browser asks before it closes a page that is still sending. */
function useWarning(isUnderWay: boolean): void {
  useEffect(() => {
    if (!isUnderWay) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isUnderWay]);
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.floor((100 * part) / whole)} %`;
}
