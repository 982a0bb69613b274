import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Dialog } from "../../parts/dialog";
import { Form } from "../../parts/form";
import { FirstFocused } from "./first-focused";
import { ShownOnce } from "./shown-once";

interface Props {
  title: string;
  trigger: ReactNode;
  action: string;
  /** Makes it, and answers the text that the hub does not keep. */
  make: (values: Record<string, string>) => Promise<string>;
  /** What that text is, as "The key". */
  label: string;
  stale: string;
  children: ReactNode;
}

/** A form in a window that then shows a text for once: a key, a link, a secret. */
export function SecretDialog({ title, trigger, action, make, label, stale, children }: Props) {
  const client = useQueryClient();
  const [secret, setSecret] = useState("");
  const submit = async (values: Record<string, string>) => {
    setSecret(await make(values));
    void client.invalidateQueries({ queryKey: [stale] });
  };
  return (
    <Dialog title={title} trigger={trigger} onOpen={(isOpen) => isOpen && setSecret("")}>
      {secret ? (
        <ShownOnce label={label} text={secret} />
      ) : (
        <FirstFocused>
          <Form action={action} send={submit}>
            {children}
          </Form>
        </FirstFocused>
      )}
    </Dialog>
  );
}
