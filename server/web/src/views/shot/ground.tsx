import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import type { Shot } from "../../api/client";
import { PLAIN } from "../shots/address";
import { readPage } from "../shots/found";
import { useShot } from "./use-footage";

/** So many are offered; whoever means another one types more of its name. */
const OFFERED = 50;

interface Props {
  shot: Shot;
  /** The shot that is chosen; empty for none. */
  ground: string;
  choose: (ground: string) => void;
}

/** Over which other shot's plate this one is seen: it is found by its name, as a project has thousands. */
export function GroundChoice({ shot, ground, choose }: Props) {
  const [typed, setTyped] = useState<string | null>(null); // null while one does not type
  const list = useId();
  const chosen = useShot(ground);
  const found = useQuery({
    queryKey: ["shots", shot.project_id, "grounds", typed],
    enabled: typed !== null,
    queryFn: ({ signal }) => readPage(shot.project_id, { ...PLAIN, state: "ready", search: typed ?? "" }, "", OFFERED, signal),
    placeholderData: keepPreviousData,
  });
  const others = found.data?.shots.filter((one) => one.id !== shot.id) ?? [];
  const meant = typed === "" ? "" : others.find((one) => one.name === typed)?.id;
  useEffect(() => {
    if (meant !== undefined && meant !== ground) choose(meant);
  }, [meant]); // only when another one is meant: the chosen one may change by the address, too
  return (
    <>
      <input
        type="search"
        aria-label="Ground"
        title="Over another shot’s plate, by its name"
        placeholder="over another plate"
        className="field ml-auto !w-36 min-w-0 lg:!w-48"
        list={list}
        value={typed ?? chosen?.name ?? ""}
        onFocus={() => setTyped(chosen?.name ?? "")}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => setTyped(null)}
      />
      <datalist id={list}>
        {others.map((one) => (
          <option key={one.id} value={one.name} />
        ))}
      </datalist>
    </>
  );
}
