import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startProgress } from '../../src/terminal/progress.ts';
import { openPrompts } from '../../src/terminal/prompts.ts';
import { colourLevel } from '../../src/terminal/terminal.ts';
import { type Screen, screen, terminalOf } from '../support/screen.ts';

const tty = { isTTY: true, getColorDepth: () => 24 };

describe('colours', () => {
  it.each<[object, Record<string, string>, boolean, number, string]>([
    [tty, {}, true, 3, 'a terminal that knows them'],
    [{ isTTY: true, getColorDepth: () => 1 }, {}, true, 0, 'a terminal that does not'],
    [{}, {}, true, 0, 'a pipe'],
    [tty, { NO_COLOR: '1' }, true, 0, 'NO_COLOR'],
    [tty, { NO_COLOR: '' }, true, 3, 'an empty NO_COLOR counts for nothing'],
    [{}, { FORCE_COLOR: '1' }, true, 1, 'FORCE_COLOR in a pipe'],
    [{}, { FORCE_COLOR: 'true' }, true, 1, 'FORCE_COLOR as a word'],
    [tty, { FORCE_COLOR: '0' }, true, 0, 'FORCE_COLOR=0'],
    [tty, { NO_COLOR: '1', FORCE_COLOR: '3' }, true, 0, 'NO_COLOR wins over FORCE_COLOR'],
    [tty, { FORCE_COLOR: '3' }, false, 0, '--no-color wins over all'],
    [tty, { TERM: 'dumb' }, true, 0, 'a dumb terminal'],
  ])('%#: level for %j, %j', (stream, env, asked, level) => {
    expect(colourLevel(stream, env, asked)).toBe(level);
  });
});

describe('width', () => {
  it('is that of the terminal, else of COLUMNS, else 80', () => {
    expect(terminalOf(screen({ tty: true, columns: 132 }), { COLUMNS: '50' }).columns).toBe(132);
    expect(terminalOf(screen(), { COLUMNS: '50' }).columns).toBe(50);
    expect(terminalOf(screen(), { COLUMNS: 'wide' }).columns).toBe(80);
    expect(terminalOf(screen()).columns).toBe(80);
  });
});

describe('a reader that has gone', () => {
  it('is no error, and nothing more is written', async () => {
    const shown = screen();
    const terminal = terminalOf(shown);
    shown.streams.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await terminal.out('more');
    expect([terminal.readerGone, shown.out()]).toEqual([true, '']);
  });

  it('does not keep a writer waiting that had no room', async () => {
    const stdout = Object.assign(new EventEmitter(), { write: () => false, end: () => undefined });
    const streams = { ...screen().streams, stdout: stdout as unknown as NodeJS.WritableStream };
    const writing = terminalOf({ ...screen(), streams }).out('x');
    stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await expect(writing).resolves.toBeUndefined();
  });

  it('but a full disk is one', async () => {
    const shown = screen();
    const terminal = terminalOf(shown);
    shown.streams.stdout.emit('error', Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }));
    await expect(terminal.out('more')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('questions', () => {
  it.each<[Screen, Record<string, string>, string]>([
    [screen(), {}, 'a pipe'],
    [screen({ tty: true }), { CI: 'true' }, 'CI'],
  ])(
    '%#: are never asked in a pipe or in CI, and the refusal says what to give instead',
    async (shown, env) => {
      const asked = openPrompts(terminalOf(shown, env), 'Give --plan PLAN');
      await expect(asked).rejects.toMatchObject({ kind: 'usage', hint: 'Give --plan PLAN' });
    },
  );
});

describe('progress', () => {
  it('is shown on a terminal only', () => {
    const shown = screen();
    startProgress(terminalOf(shown), 'Resetting').update(5);
    expect(shown.err()).toBe('');
  });

  it('is not shown for work that is over within a second', () => {
    const shown = screen({ tty: true });
    const progress = startProgress(terminalOf(shown), 'Resetting', { total: 10 });
    progress.update(10);
    progress.stop();
    expect(shown.err()).toBe('');
  });
});
