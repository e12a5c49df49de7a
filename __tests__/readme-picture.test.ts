import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthEnvironment } from "../lib/testing";
import { staging } from "./support/environments";
import { readPage } from "./support/page";
import { renderPicture } from "./support/readme-picture";
import { updatesSnapshots } from "./support/snapshots";

const PAGE = join(__dirname, "../README.md");
const PICTURE = /(<!-- made from what staging synthesizes -->\n```mermaid\n).*?(?=\n```)/s;

test("the picture in the README shows what an environment makes", () => {
  const picture = renderPicture(synthEnvironment(staging), staging.name);
  for (const part of ["GKE cluster", "2 node pools", "Cilium, a Helm release", "kube-proxy remover"])
    expect(picture).toContain(part);
  const text = readPage(PAGE);
  // A clone has a README of its own.
  if (!text.startsWith("# cdktf-gke-cilium")) return;
  expect(text).toMatch(PICTURE);
  const renewed = text.replace(PICTURE, (_, head: string) => `${head}${picture}`);
  if (updatesSnapshots()) writeFileSync(PAGE, renewed);
  else expect(text).toBe(renewed);
});

test("a resource that the picture has no place for is an error", () => {
  const [id, stack] = Object.entries(synthEnvironment(staging))[0] ?? [];
  if (id === undefined || stack === undefined) throw new Error("no stack");
  const more = { [id]: { ...stack, resource: { ...stack.resource, google_spanner_instance: { one: {} } } } };
  expect(() => renderPicture(more, staging.name)).toThrow("google_spanner_instance");
});
