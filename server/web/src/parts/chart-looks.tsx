/** How a series is drawn. Blue and amber are told apart by nearly everybody; stripes, dashes and marks tell them apart
 * without any colour. */
export type Look = "first" | "second";

const COLOURS: Record<Look, string> = { first: "var(--color-accent)", second: "var(--color-wait)" };

export function fillOf(look: Look, pattern: string): string {
  return look === "first" ? COLOURS.first : `url(#${pattern})`;
}

export function strokeOf(look: Look): { stroke: string; strokeDasharray?: string } {
  return { stroke: COLOURS[look], strokeDasharray: look === "second" ? "5 3" : undefined };
}

/** The stripes of the second series. */
export function Stripes({ id }: { id: string }) {
  return (
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="5" height="5" fill={COLOURS.second} fillOpacity="0.35" />
      <rect width="2.5" height="5" fill={COLOURS.second} />
    </pattern>
  );
}

/** A point of a line: round, or square. */
export function Mark({ look, x, y }: { look: Look; x: number; y: number }) {
  if (look === "first") return <circle cx={x} cy={y} r="3" fill={COLOURS.first} />;
  return <rect x={x - 3} y={y - 3} width="6" height="6" fill={COLOURS.second} />;
}

/** A series as it looks, beside its name. */
export function Swatch({ look, isLine, pattern }: { look: Look; isLine: boolean; pattern: string }) {
  return (
    <svg width="18" height="10" aria-hidden>
      {isLine ? (
        <>
          <line x1="0" x2="18" y1="5" y2="5" strokeWidth="1.5" {...strokeOf(look)} />
          <Mark look={look} x={9} y={5} />
        </>
      ) : (
        <rect width="18" height="10" rx="2" fill={fillOf(look, pattern)} />
      )}
    </svg>
  );
}
