import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/domain/failure.ts';
import { play } from '../support/screen.ts';
import { toys } from './toys.ts';

const subctl = (argv: string, options = {}) => play(argv, toys, options);

describe('input', () => {
  it('arrives read by its kind, under names in camelCase', async () => {
    const { code, out } = await subctl(
      'toys add bear 1 2 --price 5.50 --sold-at 2026-01-31 --expires never --every 01mo --lease 90m --window rolling_24h --timezone utc --metadata \'{"a":1}\' --colour blue --tag x --tag y --big --no-wait --as-of 2026-02-01 --dry-run --actor eve --reason why --json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      toyName: 'bear',
      parts: [1, 2],
      price: '5.50',
      soldAt: '2026-01-31T00:00:00.000Z',
      expires: 'never',
      every: '1mo',
      lease: 5_400,
      window: 'rolling_24h',
      timezone: 'UTC',
      metadata: { a: 1 },
      colour: 'blue',
      tag: ['x', 'y'],
      note: null,
      big: true,
      wait: false,
      context: { asOf: '2026-02-01T00:00:00.000Z', dryRun: true, yes: false, actor: 'eve', reason: 'why' },
    });
  });

  it('that was not given is a default, nothing, an empty list or a switch that is off', async () => {
    const { out } = await subctl('toys add bear --json', { env: { SUBCTL_ACTOR: 'cron' } });
    expect(JSON.parse(out)).toMatchObject({
      parts: [],
      price: null,
      colour: 'red',
      tag: [],
      big: false,
      wait: true,
      context: { actor: 'cron', dryRun: false },
    });
  });

  it('global options may stand before the command', async () => {
    expect((await subctl('--quiet toys list --json')).code).toBe(0);
  });
});

describe('wrong usage exits 2 and says what would be right', () => {
  it.each([
    ['toyz list', "Unknown command 'toyz'", 'Did you mean: subctl toys'],
    ['toys lits', "Unknown command 'toys lits'", 'Did you mean: subctl toys list'],
    ['toys lits --help', "Unknown command 'toys lits'", 'Did you mean: subctl toys list'],
    ['quux', "Unknown command 'quux'", 'See: subctl --help'],
    ['toys list --jsno', "Unknown option '--jsno'", 'Did you mean --json?'],
    ['toys list --frobnicate', "Unknown option '--frobnicate'", 'See: subctl toys list --help'],
    ['toys list extra', 'Too many arguments', 'See: subctl toys list --help'],
    ['toys add', "Missing required argument 'toy-name'", 'See: subctl toys add --help'],
    ['toys add bear --price', "Option '--price <amount>' argument missing", 'See: subctl toys add --help'],
    [
      'toys add bear --price --dry-run',
      'The --price has no value: --dry-run comes after it',
      'before --dry-run',
    ],
    // --quiet is read before the command is: nothing is left to be taken for a value
    [
      'toys add bear --note --quiet',
      "Option '--note <text>' argument missing",
      'See: subctl toys add --help',
    ],
    ['toys add bear --price 1e5', "The --price '1e5' is not a plain decimal number", 'Give a decimal number'],
    ['toys add bear --price -1', "The --price '-1' is negative", 'Give a decimal number'],
    ['toys add bear one', "The parts 'one' is not a whole number", 'Give digits only'],
    ["toys add ''", 'The toy-name is empty', 'Give a value for toy-name'],
    ['toys add bear --sold-at 2026-02-30', "The --sold-at '2026-02-30' names a day", '2026-01-31T12:00Z'],
    ['toys add bear --expires soon', "The --expires 'soon' is not a time", ', or never'],
    ['toys add bear --as-of noon', "The --as-of 'noon' is not a time", '2026-01-31'],
    ['toys add bear --every 1m', "The --every '1m'", '30d, 2w, 1mo or 1y'],
    ['toys add bear --timezone +02:00', "The --timezone '+02:00' is a fixed offset", 'Europe/Berlin'],
    ['toys add bear --metadata {', 'The --metadata is not JSON', 'Quote it'],
    [
      'toys add bear --colour rde',
      "The --colour 'rde' is not known, did you mean red?",
      'Give one of: red, blue',
    ],
    [
      'toys list --format xml',
      "The --format 'xml' is not known",
      'table, json, ndjson, csv, tsv, markdown, html',
    ],
    ['toys list --fields idd', "There is no field 'idd', did you mean id?", 'Fields: id'],
    [
      'toys list --output /nonexistent/x',
      "The --output '/nonexistent/x' cannot be written",
      'folder that exists',
    ],
    ['help plasn', "Unknown command 'plasn'", 'See: subctl --help'],

    ['help toy', "Unknown command 'toy'", 'Did you mean: subctl toys'],
  ])('%s', async (argv, message, hint) => {
    const { code, out, err } = await subctl(argv);
    const [first, second] = err.split('\n') as [string, string];
    expect([code, out]).toEqual([2, '']);
    expect(first).toContain(`error: ${message}`);
    expect(second).toContain('hint: ');
    expect(second).toContain(hint);
  });

  it.each([['', 'subctl <command>'], ['toys', 'subctl toys <command>']])('%s alone shows the page on stderr', async (argv, usage) => {
    const { code, out, err } = await subctl(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`Usage: ${usage}`);
  }); // prettier-ignore
});

describe('help', () => {
  it.each([
    ['--help', 'Usage: subctl <command>'],
    ['help', 'Usage: subctl <command>'],
    ['toys --help', 'Usage: subctl toys <command>'],
    ['help toys', 'Usage: subctl toys <command>'],
    ['toys add --help', 'Usage: subctl toys add <toy-name> [parts...] [options]'],
    ['help toys add', 'Usage: subctl toys add <toy-name> [parts...] [options]'],
    ['toys add bear --help', 'Usage: subctl toys add <toy-name> [parts...] [options]'],
    ['toys add -h', 'Usage: subctl toys add'],
    ['help exit-codes', 'Exit codes:'],
    ['help environment', 'DATABASE_URL'],
    ['help formats', 'RFC 4180'],
  ])('%s is on stdout and exits 0', async (argv, text) => {
    const { code, out, err } = await subctl(argv);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(text);
  });

  it('has purpose, options, examples and exit codes, in lines of at most 80 signs', async () => {
    const { out } = await subctl('toys add --help', { tty: true });
    for (const part of [
      'Add a toy.',
      '--price <amount>',
      '(red, blue; default: red)',
      'subctl toys add bear',
      'More exit codes: 3 not found, 8 conflict\n',
      'More options: --as-of --dry-run',
      'Full help: subctl toys add --help --all',
    ]) {
      expect(out).toContain(part);
    }
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});

describe('failures', () => {
  it('are a sentence and a hint on stderr, without what a terminal could obey', async () => {
    expect(await subctl('refuse')).toEqual({
      code: 4,
      out: '',
      err: 'error: Bear[2J is sold\nhint: subctl toys list\n',
    });
  });

  it.each(['refuse --json', 'refuse --format json', 'refuse --format=json'])(
    '%s: one object on stderr',
    async (argv) => {
      const { code, out, err } = await subctl(argv);
      expect([code, out]).toEqual([4, '']);
      expect(JSON.parse(err)).toEqual({
        error: { code: 'refused', message: 'Bear[2J is sold', hint: 'subctl toys list' },
      });
    },
  );

  it('--json and another --format contradict each other', async () => {
    const { code, err } = await subctl('toys list --json --format csv');
    expect(code).toBe(2);
    expect(err).toContain('The options --json and --format csv contradict each other');
  });

  it('of usage are JSON too', async () => {
    expect(JSON.parse((await subctl('toys lits --json')).err)).toMatchObject({ error: { code: 'usage' } });
  });

  it('that nobody expected exit 1, with a stack only when asked', async () => {
    const short = await subctl('break');
    expect(short).toMatchObject({ code: 1, out: '' });
    expect(short.err).toMatch(/^error: x is undefined\nhint: .*--verbose.*\n$/);
    const long = await subctl('break --verbose');
    expect(long.err).toMatch(/TypeError: x is undefined\n {4}at [\s\S]*caused by: Error: deeper/);
  });
});

describe('outcomes', () => {
  it('may be a no: printed, and exit 4', async () => {
    expect(await subctl('say-no')).toEqual({ code: 4, out: 'allowed  no\n', err: 'No.\n' });
    expect((await subctl('say-no --quiet')).err).toBe('');
  });

  it('may be nothing', async () => expect(await subctl('silent')).toEqual({ code: 0, out: '', err: '' }));

  it('of a command that changed something are printed even when a field is unknown', async () => {
    const { code, out, err } = await subctl('toys add bear --fields nmae');
    expect(code).toBe(0);
    expect(out).toContain('bear');
    expect(err).toContain("Done; There is no field 'nmae'");
  });

  it('have colours on a terminal, and none with --no-color', async () => {
    expect((await subctl('toys list', { tty: true, env: { TERM: 'xterm' } })).out).toContain('\u001b[');
    expect((await subctl('toys list --no-color', { tty: true })).out).not.toContain('\u001b[');
    expect((await subctl('toys list --json', { tty: true, env: { FORCE_COLOR: '3' } })).out).not.toContain(
      '\u001b[',
    );
  });
});

describe('confirmation', () => {
  it('without a terminal is refused, naming --yes', async () => {
    const { code, out, err } = await subctl('ask');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('--yes');
  });

  it.each(['ask --yes', 'ask --dry-run'])('%s is not asked', async (argv) => {
    expect(await subctl(argv)).toMatchObject({ code: 0, out: 'done\n' });
  });
});

describe('signals', () => {
  it.each([['interrupted', 130], ['terminated', 143]] as const)('%s: a command that only reads is left at once, exit %i', async (kind, code) => {
    const controller = new AbortController();
    const playing = subctl('wait', { signal: controller.signal });
    setImmediate(() => controller.abort(new Failure(kind, 'Stopped')));
    expect((await playing).code).toBe(code);
  }); // prettier-ignore

  it('before the start nothing is done', async () => {
    const signal = AbortSignal.abort(new Failure('interrupted', 'Interrupted'));
    expect(await subctl('toys list', { signal })).toEqual({
      code: 130,
      out: '',
      err: 'error: Interrupted\n',
    });
  });
});
