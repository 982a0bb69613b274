import { api, type AuditEntry } from "../../api/client";
import { useActOnce } from "../../parts/toasts";

/** Brings back what an entry says was deleted, as long as its files are in the trash; nothing for other entries. */
export function Restore({ entry }: { entry: AuditEntry }) {
  const [act, isBusy] = useActOnce("audit", "shots", "versions", "projects");
  const ask = ASKED[entry.action];
  if (!ask) return null;
  return (
    <button type="button" className="button" disabled={isBusy} onClick={() => void act(() => ask(entry.subject), "It is back.")}>
      Restore
    </button>
  );
}

const ASKED: Record<string, (id: string) => Promise<unknown>> = {
  "shot.delete": (id) => api.POST("/api/v1/shots/{shot_id}/restore", { params: { path: { shot_id: id } } }),
  "version.delete": (id) => api.POST("/api/v1/versions/{version_id}/restore", { params: { path: { version_id: id } } }),
};
