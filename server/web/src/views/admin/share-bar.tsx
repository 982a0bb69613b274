const TONES = { accent: "fill-accent", quiet: "fill-quiet", wait: "fill-wait", bad: "fill-bad" };

/** A share as a bar, beside the number that says the same. */
export function ShareBar({ share, tone }: { share: number; tone: keyof typeof TONES }) {
  return (
    <svg aria-hidden className="block h-2 w-full">
      <rect className="fill-raised" width="100%" height="100%" rx="2" />
      <rect className={TONES[tone]} width={`${100 * Math.min(share, 1)}%`} height="100%" rx="2" />
    </svg>
  );
}
