import type { ComponentProps } from "react";

/** How a row's buttons and links look. */
export const QUIET = "rounded px-2 py-0.5 whitespace-nowrap text-quiet hover:bg-raised hover:text-text";

interface Props extends ComponentProps<"button"> {
  /** Whose row it is in: there are many buttons of that word. */
  of: string;
}

/** A button in a row, quiet until it is looked for. */
export function RowButton({ of, children, ...button }: Props) {
  return (
    <button type="button" className={QUIET} {...button}>
      {children}
      <span className="sr-only"> {of}</span>
    </button>
  );
}
