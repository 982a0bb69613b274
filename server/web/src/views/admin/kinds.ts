import type { components } from "../../api/schema";

export type Kind = components["schemas"]["WebhookIn"]["kinds"][number];

/** What people and webhooks can be told, in words. */
export const KINDS: Record<Kind, string> = {
  "project.created": "new projects",
  "shot.created": "new shots",
  "shot.assigned": "shots that are given to somebody",
  "shot.deleted": "deleted shots",
  "version.created": "versions to review",
  "version.judged": "approvals and retakes",
  "note.added": "notes",
  "job.done": "jobs that are done",
  "job.failed": "jobs that failed",
};
