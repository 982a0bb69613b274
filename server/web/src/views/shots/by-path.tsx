import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { counted } from "../../parts/counted";
import { Dialog } from "../../parts/dialog";
import { Form } from "../../parts/form";
import { useSay } from "../../parts/toasts";
import { platesOf } from "./paths";

const EXAMPLE = "sh010 /show/sh010/plate.####.exr\n/show/sh020/sh020_plate.mov";
const PREVIEWED = 4;

/** Shots whose plates lie on shared storage: nothing is copied. */
export function ByPath({ project }: { project: string }) {
  const client = useQueryClient();
  const say = useSay();
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState("");
  const plates = platesOf(text);
  const send = async () => {
    const params = { path: { project_id: project } };
    await api.POST("/api/v1/projects/{project_id}/shots/by-path", { params, body: { plates } });
    say(`${counted(plates.length, "shot")} added.`);
    setText("");
    setIsOpen(false);
    await client.invalidateQueries({ queryKey: ["shots"] });
  };
  return (
    <Dialog
      title="Shots from shared storage"
      isOpen={isOpen}
      onOpen={setIsOpen}
      width="w-180"
      trigger={<button className="button">From shared storage …</button>}
    >
      <Form action={plates.length > 1 ? `Add ${plates.length} shots` : "Add the shot"} send={send}>
        <label className="grid gap-1">
          <span className="text-quiet">A line each: a name and a path, or a path alone, whose file gives the name</span>
          <textarea
            className="field h-48 font-mono text-xs whitespace-pre"
            required
            spellCheck={false}
            placeholder={EXAMPLE}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <table className="w-full table-fixed text-left">
          <caption className="sr-only">The shots that are added</caption>
          <thead className="text-quiet">
            <tr>
              <th scope="col" className="w-1/3 font-normal">
                Shot
              </th>
              <th scope="col" className="font-normal">
                Plate
              </th>
            </tr>
          </thead>
          <tbody className="[&_td]:h-6 [&_td]:truncate">
            {Array.from({ length: PREVIEWED }, (_, at) => (
              <tr key={at}>
                <td>{plates[at]?.name}</td>
                <td className="text-quiet">{plates[at]?.path}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="text-quiet">
          {plates.length > PREVIEWED && `And ${plates.length - PREVIEWED} more. `}
          All of them are added, or none where one cannot be.
        </p>
      </Form>
    </Dialog>
  );
}
