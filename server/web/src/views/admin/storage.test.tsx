import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { answer, onPage } from "./on-page";
import { Storage } from "./storage";

function project(name: string, bytes: number) {
  return { project_id: name, name, is_archived: false, shots: 3, bytes };
}

const USE = { projects: [project("Night", 600), project("Day", 350)], used: 970, trash: 5000, quota: 1000, free: 2e12 };

test("a quota that is nearly full is said in words", async () => {
  answer("GET", { "/api/v1/storage": () => USE });
  onPage(<Storage />);
  expect(await screen.findByText("97 % of the quota: nearly full")).toBeTruthy();
  expect(screen.getByText("2.0 TB")).toBeTruthy();
});

test("each project's share is said, and what is nobody's any more", async () => {
  answer("GET", { "/api/v1/storage": () => USE });
  onPage(<Storage />);
  const rows = within(await screen.findByRole("table")).getAllByRole("row");
  expect(rows.slice(1).map((row) => row.textContent)).toEqual([
    "Night3600 bytes62 %",
    "Day3350 bytes36 %",
    "Of no project any more20 bytes2 %",
  ]);
});

test("without a quota, and in a bucket, nothing is full", async () => {
  answer("GET", { "/api/v1/storage": () => ({ ...USE, quota: 0, free: null }) });
  onPage(<Storage />);
  expect(await screen.findByText("none is set")).toBeTruthy();
  expect(screen.getByText("a bucket has no end")).toBeTruthy();
  expect(screen.queryByText(/of the quota/)).toBeNull();
});
