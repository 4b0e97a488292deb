import { expect, it } from 'vitest';
import { Failure } from '../../src/domain/failure.ts';
import { openPrompts } from '../../src/terminal/prompts.ts';
import { typeKeys as type } from '../support/keys.ts';
import { screen, terminalOf } from '../support/screen.ts';

const choices = [
  { name: 'Free', value: 'free' },
  { name: 'Pro \u001b[2J', value: 'pro' },
];

async function asking(env: Record<string, string> = {}, signal?: AbortSignal) {
  const shown = screen({ tty: true });
  return { shown, prompts: await openPrompts(terminalOf(shown, env), 'Give --plan', signal) };
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

it('control and D is the same: nothing waits for keys that cannot come', async () => {
  const { shown, prompts } = await asking();
  void type(shown, ['Name?', '\u0004']);
  await expect(prompts.input('Name?')).rejects.toMatchObject({ kind: 'interrupted' });
});

it('a signal ends the question that is open, for the reason of the signal', async () => {
  const controller = new AbortController();
  const { prompts } = await asking({}, controller.signal);
  const answer = prompts.input('Name?');
  controller.abort(new Failure('terminated', 'Terminated'));
  await expect(answer).rejects.toMatchObject({ kind: 'terminated' });
});

it('the first choice is marked without a preset, even when another has no value', async () => {
  const { shown, prompts } = await asking();
  void type(shown, ['None', '\r']);
  const asked = prompts.select<string | undefined>('Which?', [
    ...choices,
    { name: 'None', value: undefined },
  ]);
  expect(await asked).toBe('free');
});

it('with NO_COLOR questions have no colours', async () => {
  const { shown, prompts } = await asking({ NO_COLOR: '1' });
  void type(shown, ['Pro', '\r']);
  await prompts.select('Which plan?', choices);
  expect(shown.err()).not.toMatch(/\u001b\[[0-9;]*m/); // eslint-disable-line no-control-regex
});
