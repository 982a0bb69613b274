import { DropdownMenu } from "radix-ui";

interface Props {
  label: string;
  isDisabled?: boolean;
  /** What is said where there is nothing to choose. */
  empty?: string;
  choices: { id: string; name: string }[];
  onChoose: (choice: { id: string; name: string }) => void;
}

/** A button that offers some things to choose from. */
export function Menu({ label, isDisabled, empty = "Nothing to choose from.", choices, onChoose }: Props) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button" disabled={isDisabled}>
        {label}
        <span aria-hidden>▾</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          sideOffset={6}
          collisionPadding={8}
          className="panel z-20 max-h-[60vh] min-w-48 overflow-auto p-1 shadow-2xl"
        >
          {choices.length === 0 && <p className="max-w-64 px-3 py-2 text-quiet">{empty}</p>}
          {choices.map((choice) => (
            <DropdownMenu.Item
              key={choice.id}
              className="cursor-pointer rounded px-3 py-1.5 outline-none data-[highlighted]:bg-line"
              onSelect={() => onChoose(choice)}
            >
              {choice.name}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
