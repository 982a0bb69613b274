import { channelMatrix, type Viewing } from "./viewing";

export const FILTER = "view-of-the-plate";

/** What a channel, gain and gamma do to the picture on the screen, done by the browser; the picture's pixels stay. */
export function ViewFilter({ viewing }: { viewing: Viewing }) {
  const transfer = { type: "gamma", amplitude: viewing.gain, exponent: 1 / viewing.gamma, offset: 0 } as const;
  return (
    <svg aria-hidden className="absolute size-0">
      <filter id={FILTER} colorInterpolationFilters="sRGB">
        <feColorMatrix type="matrix" values={channelMatrix(viewing.channel)} />
        <feComponentTransfer>
          <feFuncR {...transfer} />
          <feFuncG {...transfer} />
          <feFuncB {...transfer} />
        </feComponentTransfer>
      </filter>
    </svg>
  );
}
