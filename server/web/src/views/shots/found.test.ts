import { expect, test } from "vitest";
import { answer } from "../admin/on-page";
import { PLAIN } from "./address";
import { readAll } from "./found";

test("all shots are read however many pages they fill", async () => {
  const pages: Record<string, object> = {
    "": { shots: [{ name: "a" }, { name: "b" }], next: "b" },
    b: { shots: [{ name: "c" }], next: null },
  };
  const asked = answer("GET", { "/api/v1/projects/{project_id}/shots": ({ params }) => pages[String(params?.query?.after)] });
  const found = await readAll("p", { ...PLAIN, state: "ready" });
  expect(found.map((shot) => shot.name)).toEqual(["a", "b", "c"]);
  expect(asked.map(({ params }) => params?.query?.state)).toEqual(["ready", "ready"]);
});
