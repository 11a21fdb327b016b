import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source-files';

const PAGE = readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8');
/** Template titles (`it.each`) are quoted up to their first placeholder, marked by an ellipsis. */
const words = (text: string) => (text.split('…')[0] ?? '').replaceAll(/\s+/g, ' ').trim();

function testSources(): string {
  const folders = ['test', 'libs', 'apps', 'packages'];
  return folders
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter(({ name }) => /spec\.ts$|^describe-.*\.ts$/.test(name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
    .replaceAll(/\\(['"`])/g, '$1');
}

/** What "Proof:" quotes, up to the end of its paragraph. */
function quotedProofs(): string[] {
  const paragraphs = [...PAGE.matchAll(/^- Proof:[^]*?(?=\n\n|\n- )/gm)].map(([text]) => text);
  return paragraphs.flatMap((text) => [...text.matchAll(/"([^"]+)"/g)].map(([, quote]) => words(quote ?? '')));
}

/** The titles in the table of faults. */
function faultTitles(): string[] {
  return [...PAGE.matchAll(/^\| [^|]+ \| \*?([^|*]+)\*? \| `\S+fault-spec` \|$/gm)].map(([, title]) =>
    words(title ?? ''),
  );
}

describe('the page of guarantees', () => {
  const sources = testSources();

  it('names as proofs only tests that there are', () => {
    expect(quotedProofs().length).toBeGreaterThan(50);
    expect(quotedProofs().filter((title) => !sources.includes(title))).toEqual([]);
  });

  it('lists every case of the fault suite, and no other', () => {
    const cases = [...sources.matchAll(/\bid: '([^']+)',\s+title:\s*(['"`])([^]*?)\2,\n/g)];
    const titles = cases.map(([, , , title]) => (title ?? '').replaceAll(/\$\{[^}]*\}/g, '…'));
    expect(faultTitles().toSorted()).toEqual(titles.map(words).toSorted());
  });
});
