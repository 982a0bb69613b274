import type { AuditEntry } from "../../api/client";
import { bytesInWords } from "./bytes";

/** Details that say what an entry is about, the best first. */
const NAMING = ["name", "email", "url"];

/** What an entry is about, by a name that its details have or by the names that are known; else its id. */
export function subjectOf({ details, subject }: AuditEntry, names: Record<string, string>): string {
  return names[subject] ?? named(details)?.value ?? subject;
}

/** The other details in a line; ids of people become their names. */
export function detailsOf({ details, subject }: AuditEntry, names: Record<string, string>): string {
  const told = names[subject] === undefined ? named(details)?.key : undefined;
  return Object.entries(details)
    .filter(([key, value]) => key !== told && value !== names[subject] && value !== "" && value !== null)
    .map(([key, value]) => (key === "bytes" ? bytesInWords(Number(value)) : `${wordOf(key)}: ${inWords(value, names)}`))
    .join(" · ");
}

function named(details: AuditEntry["details"]): { key: string; value: string } | null {
  for (const key of NAMING) {
    const value = details[key];
    if (typeof value === "string" && value) return { key, value };
  }
  return null;
}

function wordOf(key: string): string {
  return key.replaceAll("_", " ");
}

function inWords(value: unknown, names: Record<string, string>): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map((one) => inWords(one, names)).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : (names[String(value)] ?? String(value));
}
