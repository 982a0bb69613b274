import type { Note, Version } from "../../api/client";
import { State } from "../../parts/states";
import { ago, fullMoment } from "../../parts/times";

const GONE = "somebody who left";

interface Props {
  notes: Note[];
  versions: Version[];
  frame: number;
  onFrame: (frame: number) => void;
  /** None for who only looks on. */
  onAnswer: ((note: Note) => void) | null;
}

/** All that was said, the answers below what they answer. */
export function Notes({ notes, versions, frame, onFrame, onAnswer }: Props) {
  const numberOf = (note: Note) => versions.find((other) => other.id === note.version_id)?.number;
  return (
    <ol className="grid grid-cols-1 gap-4 wrap-anywhere">
      {notes
        .filter((note) => note.answers === null)
        .map((note) => (
          <li key={note.id} className={`border-l-2 pl-3 ${note.frame === frame ? "border-accent" : "border-line"}`}>
            <p className="flex flex-wrap gap-x-3 text-quiet">
              <span className="text-text">{note.by || GONE}</span>
              <span>{numberOf(note) === undefined ? "a deleted version" : `v${numberOf(note)}`}</span>
              {note.frame !== null && (
                <button className="text-accent hover:underline" onClick={() => onFrame(note.frame!)}>
                  frame {note.frame}
                </button>
              )}
              {note.drawing && <span>drawing</span>}
              {note.status && <State of={note.status} />}
              <time className="ml-auto" dateTime={note.created_at} title={fullMoment(note.created_at)}>
                {ago(note.created_at)}
              </time>
            </p>
            <p className="whitespace-pre-wrap">{note.text}</p>
            <Answers to={note} notes={notes} />
            {numberOf(note) !== undefined && onAnswer && (
              <button className="text-quiet hover:text-text" aria-label={`Answer “${note.text}”`} onClick={() => onAnswer(note)}>
                Answer
              </button>
            )}
          </li>
        ))}
    </ol>
  );
}

/** What was said in answer to a note, and in answer to that. */
function Answers({ to, notes }: { to: Note; notes: Note[] }) {
  return (
    <ol className="my-1.5 grid grid-cols-1 gap-1.5 pl-3 empty:hidden">
      {notes
        .filter((one) => one.answers === to.id)
        .map((answer) => (
          <li key={answer.id}>
            <span className="text-quiet">{answer.by || GONE}: </span>
            <span className="whitespace-pre-wrap">{answer.text}</span>
            <Answers to={answer} notes={notes} />
          </li>
        ))}
    </ol>
  );
}
