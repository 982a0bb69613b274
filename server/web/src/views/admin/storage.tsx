import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { api, ask, type StorageUse } from "../../api/client";
import { Empty, Loading, Wrong } from "../../parts/states";
import { bytesInWords } from "./bytes";
import { SectionHead } from "./sections";
import { ShareBar } from "./share-bar";
import { Cell, Row, RowHead, Table } from "./table";

/** What files take, by project, and how much room is left. */
export function Storage() {
  const storage = useQuery({ queryKey: ["storage"], queryFn: () => ask(api.GET("/api/v1/storage")) });
  if (storage.isPending) return <Loading what="sizes" />;
  if (storage.isError) return <Wrong error={storage.error} retry={() => void storage.refetch()} />;
  return (
    <>
      <SectionHead title="Storage" about="Plates that were uploaded, and results. Plates on shared storage are not counted.">
        <button className="button" disabled={storage.isFetching} onClick={() => void storage.refetch()}>
          {storage.isFetching ? "Counting …" : "Count again"}
        </button>
      </SectionHead>
      <Room use={storage.data} />
      <ByProject use={storage.data} />
    </>
  );
}

/** How full it is: words first, bars beside them. */
function Room({ use }: { use: StorageUse }) {
  const share = use.quota > 0 ? use.used / use.quota : 0;
  return (
    <dl className="panel mb-6 grid grid-cols-2 gap-6 p-4 md:grid-cols-4">
      <Size name="Used" bytes={use.used}>
        {use.quota > 0 && (
          <>
            <ShareBar share={share} tone={share > 0.95 ? "bad" : share > 0.8 ? "wait" : "accent"} />
            <span className={share > 0.95 ? "text-bad" : "text-quiet"}>
              {Math.round(100 * share)} % of the quota{share > 0.95 && ": nearly full"}
            </span>
          </>
        )}
      </Size>
      <Size name="Quota" bytes={use.quota || null} none="none is set" />
      <Size name="Free on the disk" bytes={use.free} none="a bucket has no end" />
      <Size name="In the trash" bytes={use.trash}>
        <span className="text-quiet">deleted for good after 30 days</span>
      </Size>
    </dl>
  );
}

interface SizeProps {
  name: string;
  bytes: number | null;
  none?: string;
  children?: ReactNode;
}

function Size({ name, bytes, none, children }: SizeProps) {
  return (
    <div className="grid content-start gap-1">
      <dt className="text-quiet">{name}</dt>
      <dd className="grid gap-1">
        <span className={bytes === null ? "text-quiet" : "text-xl tabular-nums"}>
          {bytes === null ? none : bytesInWords(bytes)}
        </span>
        {children}
      </dd>
    </div>
  );
}

function ByProject({ use }: { use: StorageUse }) {
  if (use.projects.length === 0) return <Empty title="No project yet." />;
  const most = Math.max(...use.projects.map((one) => one.bytes), 1);
  const others = use.used - use.projects.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <Table label="By project" heads={["Project", "Shots", "Size", "Share"]}>
      {use.projects.map((one) => (
        <Row key={one.project_id}>
          <RowHead>
            <Link className="hover:underline" to={`/projects/${one.project_id}`}>
              {one.name}
            </Link>
            {one.is_archived && <span className="ml-2 font-normal text-quiet">archived</span>}
          </RowHead>
          <Cell look="tabular-nums text-quiet">{one.shots}</Cell>
          <Cell look="whitespace-nowrap tabular-nums">{bytesInWords(one.bytes)}</Cell>
          <Share part={one.bytes} of={use.used}>
            <ShareBar share={one.bytes / most} tone={one.is_archived ? "quiet" : "accent"} />
          </Share>
        </Row>
      ))}
      {others > 0 && (
        <Row>
          <RowHead>
            <span className="font-normal text-quiet">Of no project any more</span>
          </RowHead>
          <Cell />
          <Cell look="whitespace-nowrap tabular-nums">{bytesInWords(others)}</Cell>
          <Share part={others} of={use.used} />
        </Row>
      )}
    </Table>
  );
}

function Share({ part, of: whole, children }: { part: number; of: number; children?: ReactNode }) {
  const share = whole > 0 ? (100 * part) / whole : 0;
  return (
    <Cell look="w-1/2">
      <div className="flex items-center gap-3">
        <span className="w-12 shrink-0 tabular-nums whitespace-nowrap text-quiet">
          {share > 0 && share < 1 ? "< 1 %" : `${Math.round(share)} %`}
        </span>
        {children}
      </div>
    </Cell>
  );
}
