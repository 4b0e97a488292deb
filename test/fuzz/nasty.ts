import fc from 'fast-check';

/** Texts that have broken programs: names that every object inherits, numbers at an edge, signs that are not seen, halves of characters. */
export const corpus: readonly string[] = [
  ...[
    '',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\0',
    'a\0b',
    '\u0007',
    '\u001b[31mred',
    '\ufeff',
    '\ufffd',
    '\u2028',
    '\u0085',
  ],
  ...[
    '\ud800',
    '\udc00',
    'a\ud83d',
    '\ud83d\ude00',
    '\u202egpj.exe',
    '\u2066x\u2069',
    '\u200b',
    '\u200d',
    'e\u0301',
    'ﬁ',
    'İ',
    'ß',
    'K',
  ],
  ...[
    '٣',
    '１２',
    '²',
    '½',
    'Ⅷ',
    '−5',
    '1\u00a0000',
    '1,000',
    '1.000,5',
    '1_000',
    '0x10',
    '0b1',
    '1e3',
    '1e400',
    '1e-400',
    '-0',
    '+1',
  ],
  ...[
    '.5',
    '5.',
    '..',
    '0',
    '00',
    '-1',
    '2147483647',
    '2147483648',
    '-2147483649',
    '9007199254740993',
    '9223372036854775808',
  ],
  ...[
    '9'.repeat(40),
    `0.${'0'.repeat(40)}1`,
    '99999999999999999999.999999999999999999',
    'NaN',
    'Infinity',
    '-Infinity',
    'null',
    'undefined',
  ],
  ...[
    'true',
    'false',
    '[]',
    '{}',
    '[object Object]',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
  ],
  ...[
    '0000-01-01',
    '0001-01-01',
    '1969-12-31',
    '2026-02-30',
    '2026-10-06T23:59:60Z',
    '2026-13-01',
    '9999-12-31',
    '10000-01-01',
  ],
  ...[
    '2026-03-29T02:30:00+14:00',
    '2026-01-01T24:00Z',
    'infinity',
    '-infinity',
    'epoch',
    'now',
    'today',
    'yesterday',
  ],
  ...[
    "'",
    '"',
    '`',
    '\\',
    "''",
    "'; drop table subctl.customers; --",
    '$1',
    '$$',
    '%',
    '%s',
    '%00',
    '%ff',
    '{{x}}',
    '${x}',
    '<script>',
  ],
  ...[
    '--',
    '-',
    '-x',
    '--help',
    '=',
    '=1+1',
    '@SUM(1)',
    '#',
    '~',
    '*',
    '?',
    '!',
    '&',
    '|',
    ';',
    '../../x',
    './/x',
    'a/b',
    'C:\\x',
    'con',
  ],
  ...[
    '😀'.repeat(300),
    'x'.repeat(3_000),
    'x'.repeat(70_000),
    '('.repeat(500),
    '['.repeat(500),
    'ا'.repeat(201),
    'a '.repeat(300),
  ],
];

const word = fc.constantFrom(...corpus);
const letters = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ maxLength: 30 }),
  // half of a surrogate pair anywhere
  fc
    .array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 3 })
    .map((units) => String.fromCharCode(...units)),
);
const number = fc.oneof(
  fc.bigInt().map(String),
  fc.double().map(String),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.nat(24))
    .map(([digits, scale]) => shifted(digits, scale)),
);

function shifted(digits: bigint, scale: number): string {
  const text = String(digits)
    .replace('-', '')
    .padStart(scale + 1, '0');
  return `${digits < 0n ? '-' : ''}${text.slice(0, text.length - scale)}${scale > 0 ? `.${text.slice(-scale)}` : ''}`;
}

/** Any text at all, from the corpus more often than not. */
export const nasty: fc.Arbitrary<string> = fc.oneof({ arbitrary: word, weight: 3 }, letters, number);

/** A change to a text: where, counted in parts of its length, and what. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(6),
  how: fc.constantFrom('cut', 'put', 'replace', 'twice', 'end', 'case', 'digit'),
  piece: fc.oneof(
    fc.constantFrom(...corpus.filter((one) => one.length < 100)),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom(...'0123456789-+.,:;/@?&=%*# \tTZ[]{}"\'_'),
  ),
});

/**
 * Texts that are nearly right: one of `seeds` after up to four small changes, or none. A text at random is refused at the first look; these come
 * to the last branch of a parser.
 */
export function around(seeds: readonly string[]): fc.Arbitrary<string> {
  const changed = fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 4 }))
    .map(([seed, changes]) => changes.reduce(apply, seed));
  return fc.oneof({ arbitrary: changed, weight: 6 }, nasty);
}

function apply(
  text: string,
  { at, length, how, piece }: { at: number; length: number; how: string; piece: string },
): string {
  const from = Math.floor(at * text.length);
  const [before, part, after] = [
    text.slice(0, from),
    text.slice(from, from + length),
    text.slice(from + length),
  ];
  if (how === 'cut') return before + after;
  if (how === 'put') return before + piece + part + after;
  if (how === 'replace') return before + piece + after;
  if (how === 'twice') return before + part + part + after;
  if (how === 'end') return before;
  if (how === 'digit')
    return before + part.replace(/\d/, (digit) => String((Number(digit) + length + 1) % 10)) + after;
  return before + (length % 2 ? part.toUpperCase() : part.toLowerCase()) + after;
}
