import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { AuditLog } from "./audit-log";
import { answer, onPage } from "./on-page";

const ADA = { id: "ada", name: "Ada" };

/** As many entries as a page holds, or fewer, from a number downwards. */
function entries(from: number, many: number) {
  return Array.from({ length: many }, (_, n) => ({
    id: from - n,
    at: "2026-01-01T10:00:00Z",
    user_id: "ada",
    action: "shot.create",
    project_id: null,
    subject: `subject ${from - n}`,
    details: { name: `sh${from - n}` },
  }));
}

function studio() {
  return answer("GET", {
    "/api/v1/users": () => [ADA],
    "/api/v1/projects": () => [],
    "/api/v1/teams": () => [],
    "/api/v1/audit": ({ params }) => (params?.query?.before === null ? entries(250, 100) : entries(150, 40)),
  });
}

test("older entries come after the last one that is shown, and then there are no more", async () => {
  const asked = studio();
  onPage(<AuditLog />);
  fireEvent.click(await screen.findByRole("button", { name: "Show older ones" }));
  expect(await screen.findByText("sh111")).toBeTruthy();
  expect(asked.map(({ params }) => params?.query?.before)).toContain(151);
  expect(screen.getAllByRole("row")).toHaveLength(1 + 140);
  expect(screen.queryByRole("button", { name: "Show older ones" })).toBeNull();
});

test("whose and which entries are wanted is in the address", async () => {
  const asked = studio();
  onPage(<AuditLog />);
  await screen.findByRole("option", { name: "Ada" });
  fireEvent.change(screen.getByLabelText("By whom"), { target: { value: "ada" } });
  fireEvent.change(screen.getByLabelText("About what"), { target: { value: "shot" } });
  await waitFor(() => expect(asked.at(-1)?.params?.query).toMatchObject({ user: "ada", action: "shot", before: null }));
  expect(screen.getByTestId("address").textContent).toBe("?user=ada&action=shot");
});

test("what was deleted is brought back from its entry, and nothing else can be", async () => {
  const deleted = { ...entries(2, 1)[0], action: "shot.delete", subject: "shot2" };
  answer("GET", {
    "/api/v1/users": () => [ADA],
    "/api/v1/projects": () => [],
    "/api/v1/teams": () => [],
    "/api/v1/audit": () => [deleted, ...entries(1, 1)],
  });
  const restored = answer("POST", { "/api/v1/shots/{shot_id}/restore": () => ({}) });
  onPage(<AuditLog />);
  fireEvent.click(await screen.findByRole("button", { name: "Restore" }));
  expect(await screen.findByText("It is back.")).toBeTruthy();
  expect(restored.map(({ params }) => params?.path?.shot_id)).toEqual(["shot2"]);
});
