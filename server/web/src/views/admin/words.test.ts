import { expect, test } from "vitest";
import type { AuditEntry } from "../../api/client";
import { detailsOf, subjectOf } from "./audit-words";
import { bytesInWords } from "./bytes";
import { asked } from "./template-words";

test("sizes have three digits at most, and their unit", () => {
  expect([0, 999, 1000, 1_440_000, 73_000_000_000, 2e15].map(bytesInWords)).toEqual([
    "0 bytes",
    "999 bytes",
    "1.0 kB",
    "1.4 MB",
    "73 GB",
    "2.0 PB",
  ]);
});

test("what a template asks for leaves out what every shot gets anyway", () => {
  const curves = { preset: "balanced" } as const;
  const plain = { texts: [{ text: "person", object: "", most: 5, confidence: 0 }], curves, priority: 50 };
  expect(asked(plain as never)).toEqual(["“person”, up to 5"]);
  const point = { object: "hero", positive: [[1, 2]] };
  const prompts = [1001, 1050].map((frame) => ({ ...point, frame }));
  const more = { prompts, curves: { preset: "tight" }, engine: "sam2", first: 1001, direction: "forward", priority: 80 };
  expect(asked(more as never)).toEqual([
    "hero by points and boxes on 2 frames",
    "tight curves",
    "model sam2",
    "frames 1001–last",
    "only forward",
    "urgency 80",
  ]);
});

function entry(action: string, details: AuditEntry["details"]): AuditEntry {
  return { id: 1, at: "2026-01-01T00:00:00Z", user_id: "ada", action, project_id: null, subject: "thing", details };
}

test("an entry names what it is about, and says it once", () => {
  const asks = entry("invitation.create", { email: "eve@studio.example", role: "artist" });
  expect([subjectOf(asks, {}), detailsOf(asks, {})]).toEqual(["eve@studio.example", "role: artist"]);
  const member = entry("team.member", { user: "bob", is_in: true });
  const names = { thing: "Roto", bob: "Bob" };
  expect([subjectOf(member, names), detailsOf(member, names)]).toEqual(["Roto", "user: Bob · is in: yes"]);
  const deleted = entry("shot.delete", { name: "sh010", bytes: 1_300_000, plate: "" });
  expect([subjectOf(deleted, {}), detailsOf(deleted, {})]).toEqual(["sh010", "1.3 MB"]);
  const renamed = entry("user.change", { name: "Robert", is_admin: false });
  expect([subjectOf(renamed, { thing: "Robert" }), detailsOf(renamed, { thing: "Robert" })]).toEqual(["Robert", "is admin: no"]);
});
