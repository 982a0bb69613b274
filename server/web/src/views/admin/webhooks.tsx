import { useQuery } from "@tanstack/react-query";
import { api, ask, type Webhook } from "../../api/client";
import { Question } from "../../parts/dialog";
import { Empty, Loading, Wrong } from "../../parts/states";
import { useAct } from "../../parts/toasts";
import { useProjects } from "./asked-often";
import { Deliveries } from "./deliveries";
import { KINDS } from "./kinds";
import { NewWebhook } from "./new-webhook";
import { RowButton } from "./row-button";
import { SectionHead } from "./sections";
import { Actions, Cell, Row, RowHead, Table } from "./table";

/** Addresses that are told what happens. */
export function Webhooks() {
  const hooks = useQuery({ queryKey: ["webhooks"], queryFn: () => ask(api.GET("/api/v1/webhooks")) });
  const projects = useProjects();
  if (hooks.isPending) return <Loading what="webhooks" />;
  if (hooks.isError) return <Wrong error={hooks.error} retry={() => void hooks.refetch()} />;
  const names = Object.fromEntries((projects.data ?? []).map((one) => [one.id, one.name]));
  return (
    <>
      <SectionHead title="Webhooks" about="Addresses that are told what happens: a chat, or a program of the studio's.">
        <NewWebhook projects={names} />
      </SectionHead>
      {hooks.data.length === 0 ? (
        <Empty title="Nobody is told anything yet.">Add an address of Slack, Mattermost or a program of your own.</Empty>
      ) : (
        <Table label="Webhooks" heads={["Address", "Form", "Project", "Is told of"]} hasActions>
          {hooks.data.map((hook) => (
            <WebhookRow key={hook.id} hook={hook} project={hook.project_id === null ? "all" : (names[hook.project_id] ?? "")} />
          ))}
        </Table>
      )}
    </>
  );
}

function WebhookRow({ hook, project }: { hook: Webhook; project: string }) {
  const act = useAct("webhooks", "deliveries");
  const at = { params: { path: { webhook_id: hook.id } } };
  const told = hook.kinds.map((kind) => KINDS[kind as keyof typeof KINDS] ?? kind);
  const test = () =>
    act(() => api.POST("/api/v1/webhooks/{webhook_id}/test", at), "A test is on its way; how it fares is among the deliveries.");
  return (
    <Row>
      <RowHead>
        {hook.url}
      </RowHead>
      <Cell look="text-quiet">{hook.format === "slack" ? "Chat" : "JSON"}</Cell>
      <Cell look="text-quiet wrap-anywhere">{project}</Cell>
      <Cell look="text-quiet">{told.join(", ")}</Cell>
      <Actions>
        <RowButton of={hook.url} onClick={() => void test()}>
          Test
        </RowButton>
        <Deliveries hook={hook} />
        <Question
          title="Delete this webhook?"
          about={`${hook.url} is told nothing any more.`}
          action="Delete it"
          trigger={<RowButton of={hook.url}>Delete</RowButton>}
          onYes={() => void act(() => api.DELETE("/api/v1/webhooks/{webhook_id}", at))}
        />
      </Actions>
    </Row>
  );
}
