import type { Role } from "../../api/people";
import { Options } from "./inputs";

/** What somebody may be in a project, from the least to the most. */
export const ROLES: Record<Role, string> = { viewer: "Viewer", artist: "Artist", supervisor: "Supervisor" };

/** What somebody is in a project; another choice counts at once. */
export function RoleChoice({ of, role, onRole }: { of: string; role: string; onRole: (role: Role) => void }) {
  return (
    <select
      aria-label={`Role of ${of}`}
      className="field !w-36 !py-1"
      value={role}
      onChange={(event) => onRole(event.target.value as Role)}
    >
      <Options of={ROLES} />
    </select>
  );
}
