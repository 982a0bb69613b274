import { Link } from "react-router";
import { api } from "../../api/client";
import { Field } from "../../parts/form";
import { Empty, Loading, Wrong } from "../../parts/states";
import { useProjects } from "./asked-often";
import { FormDialog } from "./form-dialog";
import { Moment } from "./moment";
import { QUIET } from "./row-button";
import { SectionHead } from "./sections";
import { Actions, Cell, Row, RowHead, Table } from "./table";

/** All projects, also the archived ones, with a way to the settings of each. */
export function ProjectList() {
  const projects = useProjects();
  if (projects.isPending) return <Loading what="projects" />;
  if (projects.isError) return <Wrong error={projects.error} retry={() => void projects.refetch()} />;
  return (
    <>
      <SectionHead title="Projects">
        <NewProject />
      </SectionHead>
      {projects.data.length === 0 ? (
        <Empty title="No project yet." />
      ) : (
        <Table label="Projects" heads={["Name", "State", "Made"]} hasActions>
          {projects.data.map((project) => (
            <Row key={project.id}>
              <RowHead>
                <Link className="hover:underline" to={`/projects/${project.id}`}>
                  {project.name}
                </Link>
              </RowHead>
              <Cell look={project.is_archived ? "text-wait" : "text-quiet"}>{project.is_archived ? "archived" : "open"}</Cell>
              <Cell look="text-quiet">
                <Moment at={project.created_at} isDay />
              </Cell>
              <Actions>
                <Link className={QUIET} to={`/projects/${project.id}/settings`}>
                  Settings<span className="sr-only"> of {project.name}</span>
                </Link>
              </Actions>
            </Row>
          ))}
        </Table>
      )}
    </>
  );
}

function NewProject() {
  const send = ({ name = "" }: Record<string, string>) => api.POST("/api/v1/projects", { body: { name } });
  const trigger = <button className="button-main">Make a project</button>;
  return (
    <FormDialog title="Make a project" trigger={trigger} action="Make it" send={send} stale={["projects"]}>
      <Field name="name" label="Name" autoComplete="off" />
    </FormDialog>
  );
}
