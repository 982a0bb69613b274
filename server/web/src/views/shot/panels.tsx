import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import type { Actions } from "./actions";
import { Export } from "./export";
import { HistoryList } from "./history-list";
import { Info } from "./info";
import { Objects } from "./objects";
import { Refine } from "./refine";
import { Review } from "./review";
import { Segment } from "./segment";
import type { Bench } from "./use-bench";

const TABS: { name: string; label: string; isForArtists: boolean }[] = [
  { name: "segment", label: "Segment", isForArtists: true },
  { name: "refine", label: "Refine", isForArtists: true },
  { name: "review", label: "Review", isForArtists: false },
  { name: "export", label: "Export", isForArtists: true },
  { name: "info", label: "Info", isForArtists: false },
];

/** Where objects are worked on, and new ones begun. */
const MAKING = ["segment", "refine"];

/** What is done to a shot, a panel each; those who only look on see what is for them. */
export function Panels({ bench, actions }: { bench: Bench; actions: Actions }) {
  const { view, objects, outlined, canWork } = bench;
  const offered = TABS.filter((one) => canWork || !one.isForArtists);
  return (
    <Tabs.Root
      value={offered.some((one) => one.name === view.tab) ? view.tab : "review"}
      onValueChange={(name) => view.change("tab", name)}
      className="flex shrink-0 flex-col border-t border-line bg-panel lg:w-96 lg:border-t-0 lg:border-l"
    >
      <Tabs.List aria-label="What to do" className="flex border-b border-line">
        {offered.map(({ name, label }) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className="flex-1 px-2 py-2 text-quiet hover:text-text data-[state=active]:border-b-2 data-[state=active]:border-accent data-[state=active]:text-text"
          >
            {label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Objects objects={objects} canAdd={canWork && MAKING.includes(view.tab)} {...outlined} />
      <Panel name="segment">
        <Segment bench={bench} actions={actions} />
        <HistoryList doing={bench.work} />
      </Panel>
      <Panel name="refine">
        <Refine bench={bench} actions={actions} />
        <HistoryList doing={bench.work} />
      </Panel>
      <Tabs.Content value="review" className="flex min-h-0 flex-1 flex-col">
        <Review bench={bench} />
      </Tabs.Content>
      <Panel name="export">
        <Export shot={bench.shot} />
      </Panel>
      <Panel name="info">
        <Info shot={bench.shot} versions={bench.versions} onVersion={(number) => view.change("version", number)} />
      </Panel>
    </Tabs.Root>
  );
}

function Panel({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Tabs.Content value={name} className="min-h-0 flex-1 overflow-auto wrap-anywhere">
      {children}
    </Tabs.Content>
  );
}
