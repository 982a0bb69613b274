import { useEffect, useState } from "react";
import { matchPath, useLocation } from "react-router";
import { Dialog } from "./dialog";
import { isElsewhere } from "./list-keys";

type Key = [keys: string[], what: string];

interface Chapter {
  title: string;
  keys: Key[];
}

const EVERYWHERE: Chapter = {
  title: "Everywhere",
  keys: [
    [["?"], "this help"],
    [["Tab"], "the next control; with Shift the one before"],
    [["Esc"], "close what lies over the page"],
  ],
};

const WALK: Key[] = [
  [["↑", "↓"], "the row above or below"],
  [["Home", "End"], "the first, the last that is loaded"],
  [["Enter"], "open it"],
];

const LIST: Chapter = {
  title: "Shots",
  keys: [
    ...WALK,
    [["←", "→"], "in the grid: the one beside it"],
    [["X"], "select it, or leave it"],
    [["Shift ↑", "Shift ↓"], "select on the way; so does a click with Shift"],
    [["Ctrl A"], "select all that were found"],
    [["Esc"], "select none"],
    [["/"], "search"],
  ],
};

const PLAYER: Chapter = {
  title: "Player",
  keys: [
    [["Space"], "play or stop"],
    [["J", "K", "L"], "play backward, stop, play forward; again for faster"],
    [["←", ","], "the frame before"],
    [["→", "."], "the next frame"],
    [["Home", "End"], "the first, the last frame"],
    [["Shift ←", "Shift →"], "the note before, the next note"],
    [["F"], "fit the picture"],
    [["Shift F"], "full screen"],
    [["A"], "the matte alone, or over the plate"],
    [["R", "G", "B", "Y"], "one channel, or the brightness"],
    [["W"], "wipe between two versions"],
  ],
};

const TOOLS: Chapter = {
  title: "Refining by hand",
  keys: [
    [["1"], "look"],
    [["2", "3"], "paint, erase"],
    [["4"], "move knots"],
    [["5"], "a new shape"],
  ],
};

const QUEUE: Chapter = { title: "Review queue", keys: WALK };

const PAGES: { path: string; about: string; chapters: Chapter[] }[] = [
  {
    path: "/projects/:projectId/shots/:shotId",
    about:
      "Look at a shot's versions, say what is to be changed on which frame, and approve a version or ask for a retake; from the review queue it goes on with the next shot. Under Segment, click what is to be followed; under Export, take the shapes and mattes along.",
    chapters: [PLAYER, TOOLS],
  },
  {
    path: "/projects/:projectId",
    about:
      "Find shots, give them to people, and have many segmented at once by a template. Drop plates anywhere to add them; an upload that was cut goes on when the same file is dropped again.",
    chapters: [LIST],
  },
  {
    path: "/review",
    about: "The newest versions that nobody judged yet, the oldest first. Open one to look at it and to judge it.",
    chapters: [QUEUE],
  },
  { path: "/jobs", about: "What the workers do and what they will do next; retry what failed, stop what is not wanted.", chapters: [] },
  { path: "/", about: "The projects that you are in. Open one to see its shots.", chapters: [] },
];

/** What one can do on this page, and its keys. Opened by “?” anywhere but where one writes. */
export function Help() {
  const [isOpen, setIsOpen] = useState(false);
  const { pathname } = useLocation();
  const page = PAGES.find(({ path }) => matchPath(path, pathname));
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "?" || event.defaultPrevented || isElsewhere(event.target)) return;
      event.preventDefault();
      setIsOpen(true);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return (
    <Dialog title="Help" width="w-180" isOpen={isOpen} onOpen={setIsOpen} trigger={<button className="button">Help</button>}>
      {page && <p className="mb-5 text-quiet">{page.about}</p>}
      <div className="columns-2 gap-8">
        {[...(page?.chapters ?? []), EVERYWHERE].map((chapter) => (
          <Keys key={chapter.title} chapter={chapter} />
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ chapter }: { chapter: Chapter }) {
  return (
    <section className="mb-5 break-inside-avoid">
      <h2 className="mb-2 font-medium">{chapter.title}</h2>
      <dl className="grid grid-cols-[max-content_1fr] items-baseline gap-x-4 gap-y-1.5">
        {chapter.keys.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="rounded border border-line bg-raised px-1.5 font-sans text-xs leading-5">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-quiet">{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
