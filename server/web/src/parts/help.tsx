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
    [["←", "→", ",", "."], "the frame before, the next"],
    [["Shift ←", "Shift →"], "the marked frame before, the next"],
    [["Home", "End"], "the first, the last frame"],
    [["I", "O"], "in, out: the frames to be done"],
    [["F", "Shift F"], "fit the picture, full screen"],
    [["Wheel"], "zoom where the pointer is"],
    [["Alt"], "with a drag: move the picture; so does the middle button"],
    [["A"], "the matte alone, or over the plate"],
    [["R", "G", "B", "Y"], "one channel, or the brightness"],
    [["W"], "wipe between two versions"],
  ],
};

const PICTURE: Chapter = {
  title: "On the picture",
  keys: [
    [["Shift"], "with a click: not this; with the brush: the opposite; with a knot: one more; with a handle: break it"],
    [["Ctrl Z"], "take the last step back"],
    [["Ctrl Shift Z"], "do it again"],
    [["Esc"], "no frames marked, no knots selected"],
  ],
};

const TOOLS: Chapter = {
  title: "Refining by hand",
  keys: [
    [["1"], "only look"],
    [["2", "3"], "paint, erase"],
    [["[", "]"], "a smaller, a larger brush"],
    [["4"], "move knots"],
    [["Delete"], "remove the selected knots; a whole shape is deleted on all frames"],
    [["5"], "a new shape"],
  ],
};

const REVIEW: Chapter = {
  title: "Reviewing",
  keys: [
    [["N"], "write a note, or the reason for a retake"],
    [["Ctrl Enter"], "send the note that is being written"],
    [["Esc"], "from the note back to the player; what was written stays"],
    [["V"], "to Approve, which Enter presses; Shift Tab goes to Retake"],
  ],
};

const QUEUE: Chapter = { title: "Review queue", keys: WALK };

const JOBS: Chapter = {
  title: "Jobs",
  keys: [
    [["↑", "↓"], "the job above or below; on a grip: do it earlier or later"],
    [["Enter"], "all that is known of it"],
  ],
};

const USERS: Chapter = { title: "Users", keys: [[["/"], "search by name or address"]] };

const PAGES: { path: string; about: string; chapters: Chapter[] }[] = [
  {
    path: "/projects/:projectId/shots/:shotId",
    about:
      "Look at a shot’s versions, say what is to be changed on which frame, and approve a version or ask for a retake; from the review queue it goes on with the next shot. Under Segment, click what is to be followed; under Refine, paint and move knots; under Export, take the shapes and mattes along. The keys are for the player, which a shot opens with; after something else, click on the picture first.",
    chapters: [PLAYER, REVIEW, PICTURE, TOOLS],
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
  {
    path: "/jobs",
    about: "What the workers do and what they will do next. Retry what failed, cancel what is not wanted, open a job for its log.",
    chapters: [JOBS],
  },
  {
    path: "/dashboard",
    about: "How the projects that you see fared over the last 30 days. Click a heading to sort the projects by it.",
    chapters: [],
  },
  {
    path: "/projects/:projectId/dashboard",
    about: "How this project fared over the last 30 days.",
    chapters: [],
  },
  {
    path: "/projects/:projectId/settings/*",
    about: "A project’s name, who is in it and as what, what is asked of many shots alike, and who did what. For its supervisors.",
    chapters: [],
  },
  {
    path: "/admin/*",
    about: "The studio’s people, teams and projects, who is told what happens, what files take, and who did what. For administrators.",
    chapters: [USERS],
  },
  {
    path: "/profile",
    about: "Your name, whether you get mail, your password, and the keys by which your programs speak to the hub.",
    chapters: [],
  },
  { path: "/", about: "The projects that you are in. Open one to see its shots.", chapters: [] },
];

/** What one can do on this page, and its keys. Opened by “?” anywhere but where one writes. */
export function Help() {
  const [isOpen, setIsOpen] = useState(false);
  const { pathname } = useLocation();
  const page = PAGES.find(({ path }) => matchPath(path, pathname));
  const chapters = [...(page?.chapters ?? []), EVERYWHERE];
  const isLong = chapters.length > 2;
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
    <Dialog
      title="Help"
      width={isLong ? "w-260" : "w-180"}
      isOpen={isOpen}
      onOpen={setIsOpen}
      trigger={<button className="button">Help</button>}
    >
      {page && <p className="mb-5 text-quiet">{page.about}</p>}
      <div className={`columns-2 gap-8 ${isLong ? "lg:columns-3" : ""}`}>
        {chapters.map((chapter) => (
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
