import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Dialog } from "../../parts/dialog";
import { Form } from "../../parts/form";
import { FirstFocused } from "./first-focused";

interface Props {
  title: string;
  trigger: ReactNode;
  /** The word on the button that sends. */
  action: string;
  send: (values: Record<string, string>) => Promise<unknown>;
  /** What has to be asked again after it, also where it was refused because somebody else was first. */
  stale: string[];
  children: ReactNode;
}

/** A form in a window, which closes once the hub took it. */
export function FormDialog({ title, trigger, action, send, stale, children }: Props) {
  const client = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const submit = async (values: Record<string, string>) => {
    try {
      await send(values);
      setIsOpen(false);
    } finally {
      for (const name of stale) void client.invalidateQueries({ queryKey: [name] });
    }
  };
  return (
    <Dialog title={title} trigger={trigger} isOpen={isOpen} onOpen={setIsOpen}>
      <FirstFocused>
        <Form action={action} send={submit}>
          {children}
        </Form>
      </FirstFocused>
    </Dialog>
  );
}
