import type { ReactNode } from "react";
import { NavLink } from "react-router";

export interface Section {
  to: string;
  name: string;
}

const HERE = "border-accent bg-raised text-text";
const ELSEWHERE = "border-transparent text-quiet hover:text-text";

interface Props {
  /** What the list of sections is of. */
  label: string;
  /** What stands above the list, such as the project's name. */
  head?: ReactNode;
  sections: Section[];
  children: ReactNode;
}

/** A list of sections at the left, and the one that was chosen beside it. */
export function Sections({ label, head, sections, children }: Props) {
  const style = ({ isActive }: { isActive: boolean }) => `block border-l-2 px-4 py-1.5 ${isActive ? HERE : ELSEWHERE}`;
  return (
    <div className="grid min-h-full grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr] lg:grid-cols-[13rem_minmax(0,1fr)] lg:grid-rows-1">
      <nav aria-label={label} className="border-b border-line bg-panel lg:border-r lg:border-b-0">
        <div className="sticky top-0 py-3 wrap-anywhere lg:py-6">
          {head && <div className="mb-4 px-4">{head}</div>}
          <ul className="flex flex-wrap lg:block">
            {sections.map((one) => (
              <li key={one.to}>
                <NavLink to={one.to} end className={style}>
                  {one.name}
                </NavLink>
              </li>
            ))}
          </ul>
        </div>
      </nav>
      <div className="max-w-400 min-w-0 px-4 py-6 lg:px-8">{children}</div>
    </div>
  );
}

interface HeadProps {
  title: string;
  /** What the section is for, in a sentence. */
  about?: string;
  /** Controls at the right: search, filters, a button that makes one more. */
  children?: ReactNode;
}

/** The first line of a section. */
export function SectionHead({ title, about, children }: HeadProps) {
  return (
    <div className="mb-4 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-2">
      <h1 className="text-lg font-semibold">{title}</h1>
      {about && <p className="text-quiet">{about}</p>}
      {children && <div className="ml-auto flex flex-wrap items-center gap-3">{children}</div>}
    </div>
  );
}
