import { useQuery } from "@tanstack/react-query";
import { api, ask, type Template } from "../../api/client";
import { Question } from "../../parts/dialog";
import { Empty, Loading, Wrong } from "../../parts/states";
import { useAct } from "../../parts/toasts";
import { FormDialog } from "./form-dialog";
import { Line } from "./inputs";
import { Moment } from "./moment";
import { RowButton } from "./row-button";
import { SectionHead } from "./sections";
import { Actions, Cell, Row, RowHead, Table } from "./table";
import { asked } from "./template-words";

/** What a project asks of many shots alike. */
export function Templates({ project }: { project: string }) {
  const at = { params: { path: { project_id: project } } };
  const templates = useQuery({
    queryKey: ["templates", project],
    queryFn: () =>
      // the client's type of an answer forgets how many numbers a box and a point have
      ask(api.GET("/api/v1/projects/{project_id}/templates", at)) as Promise<Template[]>,
  });
  if (templates.isPending) return <Loading what="templates" />;
  if (templates.isError) return <Wrong error={templates.error} retry={() => void templates.refetch()} />;
  return (
    <>
      <SectionHead title="Templates" about="What is asked of many shots alike. They are made where a shot is segmented." />
      {templates.data.length === 0 ? (
        <Empty title="No template yet.">Keep one while you segment a shot, and use it for the next ones.</Empty>
      ) : (
        <Table label="Templates" heads={["Name", "Asks for", "Made"]} hasActions>
          {templates.data.map((template) => (
            <TemplateRow key={template.id} template={template} />
          ))}
        </Table>
      )}
    </>
  );
}

function TemplateRow({ template }: { template: Template }) {
  const act = useAct("templates");
  const at = { params: { path: { project_id: template.project_id, template_id: template.id } } };
  const remove = () => act(() => api.DELETE("/api/v1/projects/{project_id}/templates/{template_id}", at));
  return (
    <Row>
      <RowHead>{template.name}</RowHead>
      <Cell look="text-quiet wrap-anywhere">{asked(template.content).join(" · ")}</Cell>
      <Cell look="text-quiet">
        <Moment at={template.created_at} isDay />
      </Cell>
      <Actions>
        <Rename template={template} />
        <Question
          title={`Delete “${template.name}”?`}
          about="Jobs that were made by it stay as they are."
          action="Delete it"
          trigger={<RowButton of={template.name}>Delete</RowButton>}
          onYes={() => void remove()}
        />
      </Actions>
    </Row>
  );
}

function Rename({ template }: { template: Template }) {
  const send = ({ name = "" }: Record<string, string>) =>
    api.PUT("/api/v1/projects/{project_id}/templates/{template_id}", {
      params: { path: { project_id: template.project_id, template_id: template.id } },
      headers: { "If-Match": `"${template.revision}"` },
      body: { ...template.content, name },
    });
  const trigger = <RowButton of={template.name}>Rename</RowButton>;
  return (
    <FormDialog title={`Rename “${template.name}”`} trigger={trigger} action="Rename" send={send} stale={["templates"]}>
      <Line name="name" label="Name" defaultValue={template.name} autoComplete="off" />
    </FormDialog>
  );
}
