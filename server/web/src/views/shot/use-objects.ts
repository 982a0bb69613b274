import { useMemo, useState } from "react";
import type { Work } from "../../work/work";
import type { Masks } from "./use-shot";

const FIRST = "object";

export interface Objects {
  /** In the order that gives them their colours. */
  names: string[];
  active: string;
  hidden: Set<string>;
  choose: (name: string) => void;
  hide: (names: Set<string>) => void;
}

/** A version's objects and those that were begun since, which one is worked on, and which are seen. */
export function useObjects(masks: Masks, work: Work): Objects {
  const [wanted, choose] = useState("");
  const [hidden, hide] = useState<Set<string>>(new Set());
  const names = useMemo(() => {
    const said = [...masks.keys(), ...work.prompts.map((prompt) => prompt.object), ...(wanted ? [wanted] : [])];
    return [...new Set(said.length > 0 ? said : [FIRST])].filter((name) => !work.deleted.includes(name)).sort();
  }, [masks, work, wanted]);
  return { names, active: names.includes(wanted) ? wanted : (names[0] ?? FIRST), hidden, choose, hide };
}
