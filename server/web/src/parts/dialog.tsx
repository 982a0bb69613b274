import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface Props {
  title: string;
  /** The button that opens it; without one, it is opened from outside. */
  trigger?: ReactNode;
  isOpen?: boolean;
  onOpen?: (isOpen: boolean) => void;
  /** How wide it is, as a class of Tailwind's. */
  width?: string;
  children: ReactNode;
}

/** A window over the page; Escape closes it. */
export function Dialog({ title, trigger, isOpen, onOpen, width = "w-120", children }: Props) {
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpen}>
      {trigger && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-20 bg-black/60" />
        <Radix.Content
          aria-describedby={undefined}
          className={`panel fixed top-1/2 left-1/2 z-20 max-h-[85vh] max-w-[95vw] -translate-x-1/2 -translate-y-1/2 overflow-auto p-6 wrap-anywhere shadow-2xl ${width}`}
        >
          <div className="mb-4 flex items-start justify-between gap-4">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            <Radix.Close aria-label="Close" className="text-quiet hover:text-text">
              ✕
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface QuestionProps {
  title: string;
  /** What happens, in a sentence. */
  about: string;
  /** The word on the button that does it. */
  action: string;
  trigger: ReactNode;
  onYes: () => void;
}

/** Asks before something that cannot be taken back. */
export function Question({ title, about, action, trigger, onYes }: QuestionProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-20 bg-black/60" />
        <Radix.Content className="panel fixed top-1/2 left-1/2 z-20 w-96 max-w-[95vw] -translate-x-1/2 -translate-y-1/2 p-6 wrap-anywhere shadow-2xl">
          <Radix.Title className="mb-2 font-semibold">{title}</Radix.Title>
          <Radix.Description className="mb-6 text-quiet">{about}</Radix.Description>
          <div className="flex justify-end gap-2">
            <Radix.Close className="button">Keep it</Radix.Close>
            <Radix.Close className="button-main" onClick={onYes}>
              {action}
            </Radix.Close>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
