import type { ReactNode } from "react";

interface Props {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}

/** A part of a section, with a title of its own. */
export function Group({ title, action, children }: Props) {
  return (
    <section aria-label={title}>
      <div className="mb-1 flex min-h-9 items-center px-3">
        <h2 className="mr-auto font-medium">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}
