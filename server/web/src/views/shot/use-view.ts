import { useCallback, useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { Version } from "../../api/client";
import { type Range, within } from "../../player/clock";

/** So long one rests on a frame until it is in the address: browsers take few changes of it, and those late. */
const REST_MS = 200;

/** What one looks at; all of it is in the address, so that it can be sent to somebody. */
export interface View {
  frame: number;
  chosen: Version | undefined;
  other: Version | undefined;
  /** One that came since the one that is looked at was chosen. */
  newer: Version | undefined;
  /** Another shot, whose plate lies behind; empty for none. */
  ground: string;
  tab: string;
  change: (name: "frame" | "version" | "compare" | "ground" | "tab", value: string | number) => void;
}

export function useView(range: Range, versions: Version[]): View {
  const [address, setAddress] = useSearchParams();
  const write = useCallback<View["change"]>(
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
  const [frame, setFrame] = useFrame(within(Number(address.get("frame") ?? range.first) || range.first, range), write);
  const newest = versions[0];
  const [known, setKnown] = useState(newest?.number ?? 0);
  const change = useCallback<View["change"]>(
    (name, value) => {
      if (name === "frame") return setFrame(Number(value));
      if (name === "version") setKnown(newest?.number ?? 0);
      write(name, value);
    },
    [setFrame, write, newest?.number],
  );
  const [opening] = useState(versions.length > 0 ? "review" : "segment"); // it stays, also when the first version comes
  const named = (name: string) => versions.find((one) => String(one.number) === address.get(name));
  const wanted = named("version");
  const chosen = wanted ?? newest;
  useEffect(() => {
    if (wanted === undefined && newest) write("version", newest.number); // it stays, also when a newer one comes
  }, [wanted, newest, write]);
  const compared = named("compare");
  return {
    frame,
    chosen,
    other: compared?.id === chosen?.id ? undefined : compared,
    newer: newest && newest.number > known && newest.id !== chosen?.id ? newest : undefined,
    ground: address.get("ground") ?? "",
    tab: address.get("tab") ?? opening,
    change,
  };
}

/** The frame, at once where it is shown, and in the address after a while; `asked` is what the address says now. */
function useFrame(asked: number, write: View["change"]): [number, (frame: number) => void] {
  const [frame, setFrame] = useState(asked);
  const written = useRef(asked);
  useEffect(() => {
    if (asked === written.current) return;
    written.current = asked; // somebody followed a link to another frame
    setFrame(asked);
  }, [asked]);
  useEffect(() => {
    if (frame === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = frame;
      write("frame", frame);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [frame, write]);
  return [frame, setFrame];
}
