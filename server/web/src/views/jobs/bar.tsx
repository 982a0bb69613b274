interface Props {
  /** What it is a share of, for those who do not see it. */
  label: string;
  /** In words, such as “12 of 48 frames”. */
  text: string;
  share: number;
  tone?: string;
}

/** How much of something is done or taken. */
export function Bar({ label, text, share, tone = "bg-accent" }: Props) {
  const percent = Math.round(Math.min(Math.max(share, 0), 1) * 100);
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
      className="h-1.5 w-full overflow-hidden rounded bg-line"
    >
      <div className={`h-full ${tone}`} style={{ width: `${percent}%` }} />
    </div>
  );
}
