export * from "./model/report";
export { renderHtml } from "./render/html";
export { type MarkdownOptions, renderMarkdown } from "./render/markdown";
export { renderTerminal, type TerminalStyle, terminalStyle } from "./render/terminal";
export { mergeReports } from "./report/merge";
export { readReport } from "./report/read";
export { RULES, type Rule } from "./rules";
export { type PreviewOptions, parsePreviewOptions } from "./run/options";
export { preview, type Surroundings } from "./run/preview";
