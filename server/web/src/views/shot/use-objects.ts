import { useMemo, useState } from "react";
import { colourOf } from "../../player/draw";
import type { Work } from "../../work/work";
import type { Masks } from "./use-shot";

const FIRST = "object";

export interface Objects {
  names: string[];
  /** How they are tinted, by name: by their places among all names, unless somebody chose. */
  colours: Map<string, string>;
  active: string;
  hidden: Set<string>;
  choose: (name: string) => void;
  hide: (names: Set<string>) => void;
  tint: (name: string, colour: string) => void;
}

/** A version's objects and those that were begun since, which one is worked on, and which are seen. */
export function useObjects(masks: Masks, work: Work): Objects {
  const [wanted, choose] = useState("");
  const [hidden, hide] = useState<Set<string>>(new Set());
  const [chosen, setChosen] = useState<Map<string, string>>(new Map());
  const tint = (name: string, colour: string) => setChosen((now) => new Map(now).set(name, colour));
  const names = useMemo(() => {
    const said = [...masks.keys(), ...work.prompts.map((prompt) => prompt.object), ...(wanted ? [wanted] : [])];
    return [...new Set(said.length > 0 ? said : [FIRST])].filter((name) => !work.deleted.includes(name)).sort();
  }, [masks, work, wanted]);
  const colours = useMemo(
    () => new Map(names.map((name, number) => [name, chosen.get(name) ?? colourOf(number)])),
    [names, chosen],
  );
  return { names, colours, active: names.includes(wanted) ? wanted : (names[0] ?? FIRST), hidden, choose, hide, tint };
}
