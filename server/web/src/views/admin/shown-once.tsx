import { useRef, useState } from "react";

/** A text that is never shown again, with a button that copies it. */
export function ShownOnce({ label, text }: { label: string; text: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    input.current?.select();
    setIsCopied(await copied(text));
  };
  return (
    <div className="grid gap-3">
      <label className="grid gap-1">
        <span className="text-quiet">{label}</span>
        <input ref={input} className="field font-mono" readOnly value={text} onFocus={(event) => event.target.select()} />
      </label>
      <p className="text-wait">Copy it now: it is not kept, and cannot be shown again.</p>
      <button type="button" className="button-main justify-center" onClick={() => void copy()}>
        Copy
      </button>
      <p role="status" className="h-5 text-center text-quiet">
        {isCopied && "Copied."}
      </p>
    </div>
  );
}

/** Whether a text was put on the clipboard; browsers have the new way only where the page came encrypted. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy"); // copies what is selected
  }
}
