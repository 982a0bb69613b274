import { Invitations } from "./invitations";
import { Members } from "./members";
import { ProjectTeams } from "./project-teams";
import { SectionHead } from "./sections";

/** Who is in a project, by themselves, by a team, or soon. */
export function ProjectPeople({ project }: { project: string }) {
  return (
    <>
      <SectionHead title="People" about="Whoever is in it twice has the role that may do more." />
      <div className="grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-8">
        <Members project={project} />
        <ProjectTeams project={project} />
        <Invitations project={project} />
      </div>
    </>
  );
}
