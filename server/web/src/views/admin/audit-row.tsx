import type { ReactNode } from "react";
import type { AuditEntry } from "../../api/client";
import { detailsOf, subjectOf } from "./audit-words";
import { Moment } from "./moment";
import { Restore } from "./restore";
import { Actions, Cell, Row } from "./table";

interface Props {
  entry: AuditEntry;
  /** Of people, teams and projects, by ids. */
  names: Record<string, string>;
  projectOf?: (id: string) => ReactNode;
}

/** A cell that is as wide as the others leave it, so that the buttons at the end stay in reach. */
const YIELDS = "max-w-0 min-w-20 truncate";

/** One thing that somebody did. */
export function AuditRow({ entry, names, projectOf }: Props) {
  const details = detailsOf(entry, names);
  return (
    <Row>
      <Cell look="text-quiet">
        <Moment at={entry.at} />
      </Cell>
      <Cell look="max-w-32 truncate">{whoDid(entry, names)}</Cell>
      <Cell look="whitespace-nowrap font-mono">{entry.action}</Cell>
      <Cell look={`w-1/4 ${YIELDS}`}>
        <Known name={subjectOf(entry, names)} />
      </Cell>
      <Cell look={`w-1/2 text-quiet ${YIELDS}`}>
        <span title={details}>{details}</span>
      </Cell>
      {projectOf && <Cell look={`w-1/4 ${YIELDS}`}>{entry.project_id !== null && projectOf(entry.project_id)}</Cell>}
      <Actions>
        <Restore entry={entry} />
      </Actions>
    </Row>
  );
}

function whoDid(entry: AuditEntry, names: Record<string, string>): ReactNode {
  if (entry.user_id !== null) return <Known name={names[entry.user_id] ?? entry.user_id} />;
  return <span className="text-quiet">{entry.action.startsWith("login") ? "nobody known" : "the hub"}</span>;
}

/** A name; an id is cut short, and whoever needs it finds all of it by pointing at it. */
function Known({ name }: { name: string }) {
  const isId = /^[0-9a-f]{32}$/.test(name);
  return (
    <span title={name} className={isId ? "font-mono text-quiet" : ""}>
      {isId ? name.slice(0, 8) : name}
    </span>
  );
}
