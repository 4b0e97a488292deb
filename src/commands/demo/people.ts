/** A sample customer: the plan by its rank, undefined for the default plan. */
export interface Person {
  id: string;
  timezone: string;
  rung: number | undefined;
  /** before the demo's now */
  startedMinutesAgo: number;
  uses: Use[];
}

export interface Use {
  minutesAgo: number;
  kind: 'llm' | 'image';
  quantity: number;
  provider: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
}

const names =
  'ada bo cleo dino edda finn gita hugo ines juri kim lena milo nora otto pia quin rosa sven tara ugo vera wim yuki'.split(
    ' ',
  );
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'Asia/Tehran',
  'America/Sao_Paulo',
  'Australia/Sydney',
  'UTC',
];
const day = 24 * 60;

/** Models with a price in the shipped catalogue, so that the usage of the demo has costs. */
const textModels = [
  { provider: 'openai', model: 'gpt-4o-mini' },
  { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  { provider: 'openai', model: 'gpt-4o' },
];
const imageModel = { provider: 'openai', model: 'gpt-image-1-mini' };

/** The providers whose prices the demo needs. */
export const demoProviders = ['openai', 'anthropic'].map((id) => ({ id, name: id }));

/** Creates `count` people, the same for the same `seed`: most on the lowest `rungs`, every eighth without a subscription. */
export function makePeople({ count, seed, rungs }: { count: number; seed: number; rungs: number }): Person[] {
  const random = generator(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, at) => {
    const startedMinutesAgo = day + below(70 * day);
    const rung = at % 8 === 7 ? undefined : Math.min(below(rungs), below(rungs));
    const eager = random() < 0.25;
    const reach = Math.min(startedMinutesAgo, 30 * day);
    const uses = Array.from({ length: (eager ? 20 : 3) + below(12) }, (): Use => {
      const kind = random() < 0.7 ? 'llm' : 'image';
      const tokens = kind === 'llm' ? 50 + below(eager ? 4000 : 900) : 0;
      // squaring puts more usage into the last days, so that daily and weekly windows are not empty
      const minutesAgo = Math.floor(random() ** 2 * reach);
      const amounts =
        kind === 'llm'
          ? {
              ...textModels[tokens % textModels.length]!,
              inputTokens: tokens,
              outputTokens: Math.floor(tokens / 3),
            }
          : { ...imageModel, inputTokens: 60, outputTokens: 1056 };
      return { kind, minutesAgo, quantity: 1, ...amounts };
    });
    const id = `${names[at % names.length]}${at < names.length ? '' : Math.floor(at / names.length) + 1}`;
    return { id, timezone: zones[below(zones.length)]!, rung, startedMinutesAgo, uses };
  });
}

/** mulberry32: numbers from 0 to below 1 that depend on the seed alone. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
