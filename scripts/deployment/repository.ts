import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./in-sandbox";

/** Gives a repository the packages of this checkout, and this checkout as the package. */
export function linkPackages(repository: string): void {
  const modules = join(ROOT, "node_modules");
  for (const name of readdirSync(modules).filter((each) => each !== ".bin" && each !== ".cache"))
    link(join(modules, name), join(repository, "node_modules", name));
  link(ROOT, join(repository, "node_modules", "cdktf-gke-cilium"));
}

/** Compiles a repository, and runs programs of it. */
export function compileAndRun(
  repository: string,
  compilerOptions: readonly string[],
  ...programs: readonly string[]
): void {
  const node = (...args: readonly string[]) =>
    execFileSync(process.execPath, args, { cwd: repository, stdio: "inherit" });
  node(join(ROOT, "node_modules/typescript/bin/tsc"), ...compilerOptions);
  for (const program of programs) node(program);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
