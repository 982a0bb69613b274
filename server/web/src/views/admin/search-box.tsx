import { useEffect, useRef } from "react";
import { isElsewhere } from "../../parts/list-keys";

interface Props {
  label: string;
  placeholder: string;
  value: string;
  onValue: (value: string) => void;
}

/** Where one types what is looked for; “/” leads here from anywhere on the page. */
export function SearchBox({ label, placeholder, value, onValue }: Props) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.defaultPrevented || isElsewhere(event.target)) return;
      event.preventDefault();
      box.current?.focus();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return (
    <input
      ref={box}
      type="search"
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder={placeholder}
      className="field !w-64"
      value={value}
      onChange={(event) => onValue(event.target.value)}
    />
  );
}
