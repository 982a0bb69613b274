import type { ReactNode, SVGProps } from "react";
import type { Size } from "../pointing";

interface Props extends SVGProps<SVGSVGElement> {
  plate: Size;
  label: string;
  children?: ReactNode;
}

/** Something drawn over the picture in the plate's own pixels. */
export function Layer({ plate, label, children, className = "", ...more }: Props) {
  return (
    <svg
      viewBox={`0 0 ${plate.width} ${plate.height}`}
      className={`absolute inset-0 h-full w-full touch-none ${className}`}
      aria-label={label}
      role="img"
      {...more}
    >
      {children}
    </svg>
  );
}
