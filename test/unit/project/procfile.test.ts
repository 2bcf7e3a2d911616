import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProcfile } from '../../../src/project/procfile.ts';

const parse = (text: string) => parseProcfile(text, 'Procfile.dev');
const commands = (text: string) => parse(text).entries.map(({ name, command }) => [name, command]);

describe('what is accepted', () => {
  test.each<[string, string, [string, string][]]>([
    ['an entry', 'web: rails s\n', [['web', 'rails s']]],
    ['no newline at the end', 'web: rails s', [['web', 'rails s']]],
    ['no space after the colon', 'web:rails s\n', [['web', 'rails s']]],
    ['several spaces and tabs after the colon', 'web: \t  rails s\n', [['web', 'rails s']]],
    ['blanks at the end of a line', 'web: rails s \t \n', [['web', 'rails s']]],
    ['a byte order mark', '\uFEFFweb: rails s\n', [['web', 'rails s']]],
    [
      'CRLF',
      'web: a\r\nworker: b\r\n',
      [
        ['web', 'a'],
        ['worker', 'b'],
      ],
    ],
    [
      'old Mac line ends',
      'web: a\rworker: b\r',
      [
        ['web', 'a'],
        ['worker', 'b'],
      ],
    ],
    [
      'line ends of all three kinds',
      'a: 1\r\nb: 2\rc: 3\nd: 4',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
        ['d', '4'],
      ],
    ],
    [
      'blank lines, also of blanks only',
      '\n\nweb: a\n   \n\t\nworker: b\n\n',
      [
        ['web', 'a'],
        ['worker', 'b'],
      ],
    ],
    ['comments, indented ones too', '# web: no\n   # neither\n\t#web: x\nweb: a\n', [['web', 'a']]],
    ['a comment that ends with a backslash', '# one \\\nweb: a\n', [['web', 'a']]],
    ['a "#" inside a command', 'web: echo "#1" # not cut\n', [['web', 'echo "#1" # not cut']]],
    [
      'digits, "_", "-" and capitals in a name',
      'Web_2-b: a\n0: b\n',
      [
        ['Web_2-b', 'a'],
        ['0', 'b'],
      ],
    ],
    ['a command that holds colons', 'web: puma -b tcp://0.0.0.0:3000\n', [['web', 'puma -b tcp://0.0.0.0:3000']]],
    ['quotes and variables as they stand', `web: sh -c 'echo "$HOME" \${X:-1}'\n`, [['web', `sh -c 'echo "$HOME" \${X:-1}'`]]],
    ['a backslash that is not the last character', 'web: echo a\\ b\n', [['web', 'echo a\\ b']]],
    ['an assignment before the command', 'web: A=1 cmd\n', [['web', 'A=1 cmd']]],
    ['a command of letters beyond ASCII', 'web: echo grüße 🚀\n', [['web', 'echo grüße 🚀']]],
    ['nothing at all', '', []],
    ['a byte order mark alone', '\uFEFF', []],
  ])('%s', (_, text, expected) => {
    expect(parse(text)).toMatchObject({ problems: [], warnings: [] });
    expect(commands(text)).toEqual(expected);
  });

  test('an entry knows its line', () => {
    expect(parse('# a\r\n\r\nweb: a\rworker: b\n').entries.map((entry) => entry.line)).toEqual([3, 4]);
  });
});

/** A bad text, where it is bad, and the line to write instead. */
const BAD: [string, string, { line: number; column: number; instead: string | undefined }][] = [
  ['a space before the colon', 'web : rails s', { line: 1, column: 4, instead: 'web: rails s' }],
  ['an indented entry', '  web: rails s', { line: 1, column: 3, instead: 'web: rails s' }],
  ['an indented entry with a space before the colon', '\tweb : rails s', { line: 1, column: 5, instead: 'web: rails s' }],
  ['a dot in the name', 'web.1: a', { line: 1, column: 1, instead: 'web-1: a' }],
  ['a slash in the name', 'api/web: a', { line: 1, column: 1, instead: 'api-web: a' }],
  ['a letter beyond ASCII in the name', 'wéb: a', { line: 1, column: 1, instead: 'w-b: a' }],
  ['a name of such letters only', 'éè: a', { line: 1, column: 1, instead: 'web: a' }],
  ['no command', 'web:', { line: 1, column: 5, instead: 'web: COMMAND' }],
  ['a command of blanks', 'web:  \t', { line: 1, column: 5, instead: 'web: COMMAND' }],
  ['a bare command', 'bundle exec rails s', { line: 1, column: 1, instead: 'bundle: bundle exec rails s' }],
  ['a bare command by its path', './bin/dev.sh --fast', { line: 1, column: 1, instead: 'dev: ./bin/dev.sh --fast' }],
  ['a bare command after an assignment', 'A=1 node x.js', { line: 1, column: 1, instead: 'node: A=1 node x.js' }],
  ['a bare command that holds a colon', 'node x.js http://a:1', { line: 1, column: 1, instead: 'node: node x.js http://a:1' }],
  ['a comment with "//"', '// the web', { line: 1, column: 1, instead: '# the web' }],
  ['a comment with ";"', '  ; the web', { line: 1, column: 3, instead: '# the web' }],
  ['a comment with "/* */"', '/* the web */', { line: 1, column: 1, instead: '# the web' }],
  ['a comment with "--"', '-- the web', { line: 1, column: 1, instead: '# the web' }],
  ['an empty comment with "//"', '//', { line: 1, column: 1, instead: '#' }],
  ['an entry behind "//"', '// web: a', { line: 1, column: 1, instead: '# web: a' }],
  ['a continued entry', 'web: a \\\n  -b \\\n  -c', { line: 1, column: 8, instead: 'web: a -b -c' }],
  ['a continued entry with blanks behind the backslash', 'web: a \\  \n  -b', { line: 1, column: 8, instead: 'web: a -b' }],
  ['a continued entry at the end of the file', 'web: a \\', { line: 1, column: 8, instead: 'web: a' }],
  ['a continued bare command', 'rails s \\\n  -p 3000', { line: 1, column: 9, instead: 'rails: rails s -p 3000' }],
  ['a continued entry with a space before the colon', 'web : a \\\n  -b', { line: 1, column: 9, instead: 'web: a -b' }],
  ['a continued entry without a command', 'web: \\\n  rails s', { line: 1, column: 6, instead: 'web: rails s' }],
  ['a NUL byte', 'web: a\0b', { line: 1, column: 7, instead: undefined }],
  ['NUL bytes all over, as in UTF-16', 'w\0e\0b\0', { line: 1, column: 2, instead: undefined }],
  ['the same name with another command', 'web: a\nweb: b', { line: 2, column: 1, instead: 'web2: b' }],
  ['names that differ only in case', 'web: a\nWeb: a', { line: 2, column: 1, instead: 'Web2: a' }],
];

describe('what is a problem', () => {
  test.each(BAD)('%s', (_, text, { line, column, instead }) => {
    const { problems } = parse(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.place).toEqual({ file: 'Procfile.dev', line, column });
    expect(problems[0]?.instead).toBe(instead);
    expect(problems[0]?.what).toMatch(/^[A-Z"].*[^.]$/);
  });

  test.each(BAD.filter(([, , { instead }]) => instead !== undefined))('the line to write instead parses: %s', (_, text, bad) => {
    const before = text.split('\n').slice(0, bad.line - 1);
    const { problems } = parse([...before, bad.instead].join('\n'));
    expect(problems).toEqual([]);
  });

  test('the lines that a continued one swallows are no entries, and the next one is', () => {
    const { entries, problems } = parse('web: a \\\n worker: b\ncss: c\n');
    expect(problems).toHaveLength(1);
    expect(entries.map((entry) => entry.name)).toEqual(['css']);
  });

  test('a comment inside a continued entry ends it, for its joined line too', () => {
    const { entries, problems } = parse('web: a \\\n# note \\\nworker: b\n');
    expect(entries.map((entry) => entry.name)).toEqual(['worker']);
    expect(problems[0]?.instead).not.toContain('worker');
  });

  test('the line to write instead is free where the next name is taken', () => {
    const text = 'web: a\nweb: b\nweb2: c\n';
    const [problem] = parse(text).problems;
    expect(parse(text.replace('web: b', problem?.instead ?? '')).problems).toEqual([]);
  });

  test('every bad line of a file is told, in its order', () => {
    const { problems, entries } = parse('web: a\n web: b\nfoo\n// x\nworker: c\nworker : d\n');
    expect(problems.map((problem) => problem.place.line)).toEqual([2, 3, 4, 6]);
    expect(entries.map((entry) => entry.name)).toEqual(['web', 'worker']);
  });
});

describe('duplicates', () => {
  test('the same line thirteen times is one entry and twelve warnings', () => {
    const { entries, problems, warnings } = parse('css: yarn build:css --watch\n'.repeat(13));
    expect(entries).toHaveLength(1);
    expect(problems).toEqual([]);
    expect(warnings.map((warning) => warning.place.line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  test('blanks at the ends make no difference', () => {
    expect(parse('css: a\ncss:   a  \n')).toMatchObject({ problems: [], warnings: [{ place: { line: 2 } }] });
  });
});

describe('properties', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/).filter((word) => !word.startsWith('--'));
  const command = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .map((text) => text.replace(/[\n\r\0\u2028\u2029]/g, '').trim())
    .filter((text) => text !== '' && !text.endsWith('\\'));
  const entries = fc.uniqueArray(fc.record({ name, command }), { selector: (entry) => entry.name.toLowerCase(), maxLength: 12 });
  const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
  const noise = fc.constantFrom('', '# comment', '   ', '\t# web: x');

  test('parse(print(entries)) = entries', () => {
    fc.assert(
      fc.property(entries, lineEnd, noise, fc.constantFrom(' ', '', '\t '), (list, end, between, space) => {
        const text = list.map((entry) => `${entry.name}:${space}${entry.command}${end}${between}${end}`).join('');
        const parsed = parse(text);
        expect(parsed.problems).toEqual([]);
        expect(parsed.warnings).toEqual([]);
        expect(parsed.entries.map((entry) => ({ name: entry.name, command: entry.command }))).toEqual(list);
      }),
    );
  });

  const word = fc.constantFrom(
    'web',
    'Web',
    ':',
    ' ',
    '\t',
    ' : ',
    'a b',
    '#',
    '//',
    ';',
    '\\',
    '"',
    '\0',
    'wéb',
    '.',
    '/',
    '=',
    '-',
    '*',
  );
  const line = fc.oneof(
    fc.array(word, { maxLength: 6 }).map((words) => words.join('')),
    fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/[\n\r]/g, '')),
  );

  test('every line that is neither blank nor a comment is an entry, a problem or a warning, or goes with a continued line', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), lineEnd, (lines, end) => {
        const { entries: found, problems, warnings } = parse(lines.join(end));
        const told = new Set([...found.map((entry) => entry.line), ...[...problems, ...warnings].map((one) => one.place.line)]);
        lines.forEach((raw, index) => {
          const text = (index === 0 ? raw.replace(/^\uFEFF/, '') : raw).trim();
          if (text === '' || text.startsWith('#')) return;
          const before = lines[index - 1]?.trim() ?? '';
          const isContinuation = before.endsWith('\\') && !before.startsWith('#');
          expect(told.has(index + 1) || isContinuation, `line ${String(index + 1)}: ${JSON.stringify(raw)}`).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('what a single bad line should be replaced by parses', () => {
    fc.assert(
      fc.property(line, (raw) => {
        const [problem] = parse(raw).problems;
        if (problem?.instead === undefined) return;
        expect(parse(problem.instead).problems).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('every place is in the text', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const text = lines.join('\n');
        const all = text.replace(/^\uFEFF/, '').split('\n');
        for (const { place } of parse(text).problems) {
          const length = all[place.line - 1]?.length ?? -1;
          expect(place.column).toBeGreaterThanOrEqual(1);
          expect(place.column).toBeLessThanOrEqual(length + 1);
        }
      }),
    );
  });
});
