interface Props {
  title: string;
  /** What is counted, such as “Shots”. */
  what: string;
  counts: [name: string, count: number][];
}

/** Parts of a whole as bars, each with its name, its number and its share. */
export function PartsChart({ title, what, counts }: Props) {
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const most = Math.max(1, ...counts.map(([, count]) => count));
  return (
    <figure aria-label={title} className="panel p-4">
      <figcaption className="mb-2 flex justify-between font-medium">
        {title} <span className="font-normal text-quiet tabular-nums">{total}</span>
      </figcaption>
      <table className="w-full text-left">
        <thead className="sr-only">
          <tr>
            <th scope="col">State</th>
            <th scope="col">Bar</th>
            <th scope="col">{what}</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {counts.map(([name, count]) => (
            <tr key={name} className="h-7">
              <th scope="row" className="w-28 truncate pr-2 font-normal">
                {name}
              </th>
              <td>
                <SmallBar share={count / most} />
              </td>
              <td className="w-14 pl-2 text-right tabular-nums">{count}</td>
              <td className="w-14 pl-2 text-right text-quiet tabular-nums">
                {total === 0 ? "" : `${Math.round((count / total) * 100)} %`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** A bar beside a number that says the same. */
export function SmallBar({ share, tone = "bg-accent" }: { share: number; tone?: string }) {
  return (
    <div aria-hidden className="h-1.5 w-full rounded bg-raised">
      <div className={`h-full rounded ${tone}`} style={{ width: `${Math.min(Math.max(share, 0), 1) * 100}%` }} />
    </div>
  );
}
