import { expect, it, vi } from 'vitest';
import { openPrompts } from '../../src/terminal/prompts.ts';
import { type Screen, screen, terminalOf } from '../support/screen.ts';

const choices = [
  { name: 'Free', value: 'free' },
  { name: 'Pro \u001b[2J', value: 'pro' },
];

/** Types keys, each when the text before it has been drawn since the last key. */
async function type(shown: Screen, ...steps: [seen: string, key: string][]): Promise<void> {
  const stdin = shown.streams.stdin as unknown as NodeJS.WritableStream;
  let from = 0;
  for (const [seen, key] of steps) {
    await vi.waitFor(() => expect(shown.err().slice(from)).toContain(seen), { interval: 5, timeout: 5_000 });
    from = shown.err().length;
    stdin.write(key);
  }
}

async function asking() {
  const shown = screen({ tty: true });
  return { shown, prompts: await openPrompts(terminalOf(shown), 'Give --plan') };
}

it('a choice is made with the arrow and return; it is drawn on stderr and nothing of it on stdout', async () => {
  const { shown, prompts } = await asking();
  void type(shown, ['Pro', '\u001b[B'], ['Pro', '\r']);
  expect(await prompts.select('Which plan?', choices)).toBe('pro');
  expect(shown.err()).toContain('Which plan?');
  expect(shown.err()).not.toContain('Pro \u001b[2J');
  expect(shown.out()).toBe('');
});

it('an answer that will not do is said so and asked again', async () => {
  const { shown, prompts } = await asking();
  void type(shown, ['Name?', 'x'], ['x', '\r'], ['Two letters', 'y'], ['xy', '\r']);
  const validate = (text: string) => text.length > 1 || 'Two letters at least';
  expect(await prompts.input('Name?', { validate })).toBe('xy');
  expect(shown.err()).toContain('Two letters at least');
});

it('a search narrows the list by what is typed', async () => {
  const { shown, prompts } = await asking();
  void type(shown, ['Free', 'p'], ["Pro by 'p'", '\r']);
  const find = (typed: string) => {
    const found = choices.filter(({ value }) => value.startsWith(typed));
    return Promise.resolve(
      found.map(({ value }) => ({ name: `${value === 'pro' ? 'Pro' : 'Free'} by '${typed}'`, value })),
    );
  };
  expect(await prompts.search('Which plan?', find)).toBe('pro');
});

it('return alone is the preset, which is no unless said', async () => {
  const { shown, prompts } = await asking();
  void type(shown, ['Sure?', '\r']);
  expect(await prompts.confirm('Sure?')).toBe(false);
});

it('control and C is an interruption that changed nothing', async () => {
  const { shown, prompts } = await asking();
  void type(shown, ['Sure?', '\u0003']);
  await expect(prompts.confirm('Sure?')).rejects.toMatchObject({ kind: 'interrupted' });
});
