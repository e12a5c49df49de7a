import { escapeHtml, htmlCode } from "./markdown-escape";

/** What a host makes of Markdown: GitHub and GitLab let HTML fold and shrink, Bitbucket shows it as text. */
export interface Flavour {
  /** Most characters of a comment that are used; what counts as one is not quite known anywhere. */
  readonly limit: number;
  /** Hidden text by which a comment is found again. */
  readonly marker: (text: string) => string;
  /** Something the reader opens. `title` is our own words, `code` somebody else's. */
  readonly fold: (title: Title, body: string, open?: boolean) => string;
  readonly small: (text: string) => string;
  /** A line of its own within a list item or a cell. */
  readonly lineBreak: string;
  /** Draws Mermaid. */
  readonly diagrams: boolean;
  /** An alert that stands out. */
  readonly alert: (lines: readonly string[]) => string;
}

export interface Title {
  readonly before?: string;
  readonly code?: string;
  readonly after?: string;
}

const quote = (lines: readonly string[]) => lines.map((line) => (line === "" ? ">" : `> ${line}`)).join("\n");

const HTML: Flavour = {
  // GitHub refuses a comment above 65,536.
  limit: 60_000,
  marker: (text) => `<!-- ${text.replace(/[^\w.:= /-]/g, "")} -->`,
  fold: ({ before = "", code, after = "" }, body, open = false) => {
    const title = [escapeHtml(before), code === undefined ? "" : htmlCode(code), escapeHtml(after)];
    const head = `<details${open ? " open" : ""}><summary>${title.filter((part) => part !== "").join(" ")}</summary>`;
    return [head, "", body, "", "</details>"].join("\n");
  },
  small: (text) => `<sub>${text}</sub>`,
  lineBreak: "<br>",
  diagrams: true,
  alert: (lines) => quote(["[!CAUTION]", ...lines]),
};

export const FLAVOURS = {
  github: HTML,
  // A note may have a million characters; nobody reads them.
  gitlab: { ...HTML, limit: 200_000 },
  bitbucket: {
    // Refused above 32,768.
    limit: 30_000,
    marker: (text: string) => `[//]: # (${text.replace(/[^\w.:= /-]/g, "")})`,
    fold: ({ before = "", code, after = "" }: Title, body: string) => {
      const title = [before, code === undefined ? "" : `\`${code.replace(/[`\s]+/g, " ")}\``, after];
      return [`**${title.filter((part) => part !== "").join(" ")}**`, "", body].join("\n");
    },
    small: (text: string) => text,
    lineBreak: " ",
    diagrams: false,
    alert: quote,
  },
} as const satisfies Record<string, Flavour>;

export type FlavourName = keyof typeof FLAVOURS;
