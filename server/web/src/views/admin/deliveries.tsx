import { useQuery } from "@tanstack/react-query";
import { api, ask, type Delivery, type Webhook } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { Loading, Wrong } from "../../parts/states";
import { Moment } from "./moment";
import { RowButton } from "./row-button";
import { Cell, Row, Table } from "./table";

const AGAIN_MS = 2000;

/** What went out to a webhook lately, in a window. */
export function Deliveries({ hook }: { hook: Webhook }) {
  return (
    <Dialog title={`Deliveries to ${hook.url}`} trigger={<RowButton of={`to ${hook.url}`}>Deliveries</RowButton>} width="w-220">
      <DeliveryList hook={hook.id} />
    </Dialog>
  );
}

/** The latest deliveries; it looks again while one is on its way. */
export function DeliveryList({ hook }: { hook: string }) {
  const found = useQuery({
    queryKey: ["deliveries", hook],
    queryFn: () => ask(api.GET("/api/v1/webhooks/{webhook_id}/deliveries", { params: { path: { webhook_id: hook } } })),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.some((one) => one.due_at !== null) ? AGAIN_MS : false),
  });
  if (found.isPending) return <Loading what="deliveries" />;
  if (found.isError) return <Wrong error={found.error} retry={() => void found.refetch()} />;
  if (found.data.length === 0) return <p className="text-quiet">Nothing went out yet. A test shows whether it arrives.</p>;
  return (
    <Table label="Deliveries" heads={["When", "Tries", "How it fared", "Fault"]}>
      {found.data.map((one) => (
        <Row key={one.id}>
          <Cell>
            <Moment at={one.created_at} />
          </Cell>
          <Cell look="tabular-nums">{one.tries}</Cell>
          <Cell>
            <Fate of={one} />
          </Cell>
          <Cell look="text-quiet wrap-anywhere">{one.fault}</Cell>
        </Row>
      ))}
    </Table>
  );
}

function Fate({ of: { arrived_at, due_at } }: { of: Delivery }) {
  if (arrived_at !== null) return <span className="text-good">arrived</span>;
  if (due_at === null) return <span className="text-bad">given up</span>;
  return (
    <span className="text-wait">
      tried again at <Moment at={due_at} />
    </span>
  );
}
