const TABLE = /(<!-- output of npm run synth -->\n```text\n).*?(?=```)/s;

/** A page with another table below its marker; the page as it is where it has no marker. */
export function replaceTable(page: string, table: string): string {
  return page.replace(TABLE, (_, marker: string) => `${marker}${table}`);
}
