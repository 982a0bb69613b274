import { useCallback, useState } from "react";
import { useSearchParams } from "react-router";
import type { Version } from "../../api/client";
import { type Range, within } from "../../player/clock";

/** What one looks at; all of it is in the address, so that it can be sent to somebody. */
export interface View {
  frame: number;
  chosen: Version | undefined;
  other: Version | undefined;
  /** Another shot, whose plate lies behind; empty for none. */
  ground: string;
  tab: string;
  change: (name: "frame" | "version" | "compare" | "ground" | "tab", value: string | number) => void;
}

export function useView(range: Range, versions: Version[]): View {
  const [address, setAddress] = useSearchParams();
  const change = useCallback<View["change"]>(
    (name, value) =>
      setAddress(
        (now) => {
          now.set(name, String(value));
          return now;
        },
        { replace: true },
      ),
    [setAddress],
  );
  const [opening] = useState(versions.length > 0 ? "review" : "segment"); // it stays, also when the first version comes
  const named = (name: string) => versions.find((one) => String(one.number) === address.get(name));
  const chosen = named("version") ?? versions[0];
  const compared = named("compare");
  return {
    frame: within(Number(address.get("frame") ?? range.first) || range.first, range),
    chosen,
    other: compared?.id === chosen?.id ? undefined : compared,
    ground: address.get("ground") ?? "",
    tab: address.get("tab") ?? opening,
    change,
  };
}
