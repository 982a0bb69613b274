import type { ReactNode } from "react";

interface Props {
  label: string;
  heads: string[];
  /** Whether each row ends with buttons, whose column needs a name only for screen readers. */
  hasActions?: boolean;
  children: ReactNode;
}

/** Rows under heads, close enough to be scanned; in a window that is too narrow for them they are moved sideways. */
export function Table({ label, heads, hasActions, children }: Props) {
  return (
    <div className="relative overflow-x-auto">
      <table aria-label={label} className="w-full min-w-160 text-left">
        <thead className="text-quiet">
          <tr>
            {heads.map((name) => (
              <th key={name} scope="col" className="px-3 py-1.5 font-normal">
                {name}
              </th>
            ))}
            {hasActions && (
              <th scope="col" className="px-3 py-1.5">
                <span className="sr-only">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return <tr className="border-t border-line hover:bg-panel">{children}</tr>;
}

/** The cell that says what its row is about. */
export function RowHead({ children }: { children: ReactNode }) {
  return (
    <th scope="row" className="px-3 py-1.5 font-medium wrap-anywhere">
      {children}
    </th>
  );
}

export function Cell({ children, look = "" }: { children?: ReactNode; look?: string }) {
  return <td className={`px-3 py-1.5 ${look}`}>{children}</td>;
}

/** The cell with a row's buttons. */
export function Actions({ children }: { children: ReactNode }) {
  return (
    <td className="px-3 py-1">
      <div className="flex justify-end gap-1">{children}</div>
    </td>
  );
}
