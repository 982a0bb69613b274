import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { NewWebhook } from "./new-webhook";
import { answer, onPage } from "./on-page";

test("a webhook is told of what was ticked, and its secret is shown once", async () => {
  const sent = answer("POST", { "/api/v1/webhooks": () => ({ secret: "signs it all" }) });
  onPage(<NewWebhook projects={{ night: "The Long Night" }} />);
  fireEvent.click(screen.getByRole("button", { name: "Add a webhook" }));
  fireEvent.change(screen.getByLabelText("Address"), { target: { value: "https://studio.example/roto" } });
  fireEvent.click(screen.getByRole("button", { name: "Add it" }));
  expect((await screen.findByRole("alert")).textContent).toMatch("at least one thing");
  fireEvent.click(screen.getByLabelText("notes"));
  fireEvent.click(screen.getByLabelText("jobs that failed"));
  fireEvent.change(screen.getByLabelText("Project"), { target: { value: "night" } });
  fireEvent.click(screen.getByRole("button", { name: "Add it" }));
  const secret = await screen.findByLabelText("The secret that signs what it is sent");
  expect((secret as HTMLInputElement).value).toBe("signs it all");
  const body = { url: "https://studio.example/roto", format: "json", kinds: ["note.added", "job.failed"], project_id: "night" };
  expect(sent.map((one) => one.body)).toEqual([body]);
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  fireEvent.click(screen.getByRole("button", { name: "Add a webhook" }));
  expect(screen.queryByDisplayValue("signs it all")).toBeNull();
});
