import { useState } from "react";
import { api } from "../../api/client";
import type { components } from "../../api/schema";
import { Dialog } from "../../parts/dialog";
import { Field, Form } from "../../parts/form";
import { useSay } from "../../parts/toasts";

interface Props {
  project: string;
  body: components["schemas"]["SegmentIn"];
  isEmpty: boolean;
}

/** Keeps what is said here for other shots of the project, where it is applied to many at once. */
export function KeepTemplate({ project, body, isEmpty }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const say = useSay();
  const keep = async ({ name = "" }: Record<string, string>) => {
    const at = { params: { path: { project_id: project } } };
    await api.POST("/api/v1/projects/{project_id}/templates", { ...at, body: { ...body, name } });
    setIsOpen(false);
    say(`“${name}” can be applied to shots that are selected in the list.`);
  };
  return (
    <>
      <button type="button" className="button" disabled={isEmpty} onClick={() => setIsOpen(true)}>
        Keep as a template …
      </button>
      <Dialog title="A template of what is said here" isOpen={isOpen} onOpen={setIsOpen}>
        <Form action="Keep it" send={keep}>
          <Field name="name" label="Name of the template" />
        </Form>
      </Dialog>
    </>
  );
}
