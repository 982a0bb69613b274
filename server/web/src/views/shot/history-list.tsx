import type { Doing } from "../../work/history";

/** What was done and not sent yet, to go back to. */
export function HistoryList<T>({ doing }: { doing: Doing<T> }) {
  const { history, goTo, undo, redo } = doing;
  return (
    <section aria-label="History" className="border-t border-line p-4">
      <div className="mb-2 flex items-center gap-2">
        <h2 className="flex-1 text-quiet">History</h2>
        <button className="button py-0.5" disabled={history.at === 0} onClick={undo} title="Ctrl+Z">
          Undo
        </button>
        <button className="button py-0.5" disabled={history.at === history.steps.length - 1} onClick={redo} title="Ctrl+Shift+Z">
          Redo
        </button>
      </div>
      <ol className="max-h-40 overflow-auto" tabIndex={0} aria-label="Steps">
        {history.steps.map((step, number) => (
          <li key={number}>
            <button
              aria-current={number === history.at ? "step" : undefined}
              className={`w-full truncate rounded px-2 text-left hover:bg-raised ${number > history.at ? "text-quiet line-through" : ""} ${number === history.at ? "bg-raised" : ""}`}
              onClick={() => goTo(number)}
            >
              {step.label}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
