import { expect, it, vi } from 'vitest';
import { openPrompts } from '../../src/terminal/prompts.ts';
import { type Screen, screen, terminalOf } from '../support/screen.ts';

const choices = [
  { name: 'Free', value: 'free' },
  { name: 'Pro \u001b[2J', value: 'pro' },
];

/** Types one key after another, each once something new was drawn since the one before. */
async function type(shown: Screen, ...keys: string[]): Promise<void> {
  const stdin = shown.streams.stdin as unknown as NodeJS.WritableStream;
  for (const key of keys) {
    const drawn = shown.err().length;
    if (drawn === 0) await vi.waitFor(() => expect(shown.err()).not.toBe(''), { interval: 5 });
    stdin.write(key);
    if (key !== keys.at(-1))
      await vi.waitFor(() => expect(shown.err().length).toBeGreaterThan(drawn), { interval: 5 });
  }
}

async function asking() {
  const shown = screen({ tty: true });
  return { shown, prompts: await openPrompts(terminalOf(shown), 'Give --plan') };
}

it('a choice is made with the arrow and return; it is drawn on stderr and nothing of it on stdout', async () => {
  const { shown, prompts } = await asking();
  void type(shown, '\u001b[B', '\r');
  expect(await prompts.select('Which plan?', choices)).toBe('pro');
  expect(shown.err()).toContain('Which plan?');
  expect(shown.err()).not.toContain('Pro \u001b[2J');
  expect(shown.out()).toBe('');
});

it('an answer that will not do is said so and asked again', async () => {
  const { shown, prompts } = await asking();
  void type(shown, 'x', '\r', 'y', '\r');
  const validate = (text: string) => text.length > 1 || 'Two letters at least';
  expect(await prompts.input('Name?', { validate })).toBe('xy');
  expect(shown.err()).toContain('Two letters at least');
});

it('a search narrows the list by what is typed', async () => {
  const { shown, prompts } = await asking();
  void type(shown, 'p', '\r');
  const find = (typed: string) => Promise.resolve(choices.filter(({ value }) => value.startsWith(typed)));
  expect(await prompts.search('Which plan?', find)).toBe('pro');
});

it('return alone is the preset, which is no unless said', async () => {
  const { shown, prompts } = await asking();
  void type(shown, '\r');
  expect(await prompts.confirm('Sure?')).toBe(false);
});

it('control and C is an interruption that changed nothing', async () => {
  const { shown, prompts } = await asking();
  void type(shown, '\u0003');
  await expect(prompts.confirm('Sure?')).rejects.toMatchObject({ kind: 'interrupted' });
});
