import { type FormEvent, type ReactNode, useState } from "react";
import { sentenceOf } from "../api/client";

/** A form alone on the page, for who is not in yet. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="grid h-full place-items-center">
      <div className="panel w-96 max-w-full p-8">
        <h1 className="mb-6 text-lg font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  );
}

/** Fields and a button; what the hub refuses is said above the button. */
export function Form(props: { action: string; send: (values: Record<string, string>) => Promise<void>; children: ReactNode }) {
  const [problem, setProblem] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    setIsBusy(true);
    try {
      setProblem("");
      await props.send(values);
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      {props.children}
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      <button className="button-main justify-center" disabled={isBusy}>
        {props.action}
      </button>
    </form>
  );
}

interface FieldProps {
  name: string;
  label: string;
  type?: string;
  hint?: string;
  autoComplete?: string;
  defaultValue?: string;
}

export function Field(props: FieldProps) {
  const { label, hint, ...input } = props;
  return (
    <label className="grid gap-1">
      <span className="text-quiet">{label}</span>
      <input className="field" required {...input} aria-describedby={hint ? `${props.name}-hint` : undefined} />
      {hint && (
        <span id={`${props.name}-hint`} className="text-quiet">
          {hint}
        </span>
      )}
    </label>
  );
}
