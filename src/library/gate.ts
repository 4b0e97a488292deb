import { suggestPlan } from '../catalog/suggest-plan.ts';
import type { Checked, Held, Hold } from './client.ts';
import type { Keeper } from './keeper.ts';
import type { Link } from './link.ts';
import { asFailure, isAway } from './record-many.ts';
import type { Recorder } from './recorder.ts';
import { describeRefusal, describeUnavailable, type RefusalResponse } from './refusal.ts';

/** What metered calls and middleware need of a client. */
export interface Gate {
  /** Holds the use, or says what to answer in its place. */
  enter(use: Hold): Promise<{ held: Held } | { refused: RefusalResponse; answer: Checked | undefined }>;
  keeper: Keeper;
  recorder: Recorder;
}

export interface GateParts {
  link: Link;
  keeper: Keeper;
  recorder: Recorder;
  hold(use: Hold): Promise<Held>;
}

export function openGate({ link, keeper, recorder, hold }: GateParts): Gate {
  return {
    keeper,
    recorder,
    async enter(use) {
      try {
        const held = await hold(use);
        if (held.answer.allowed) return { held };
        const suggestion = await suggest(held.answer, use);
        return { refused: describeRefusal(held.answer, suggestion, new Date()), answer: held.answer };
      } catch (error) {
        if (!isAway(error)) throw error;
        return { refused: describeUnavailable(asFailure(error)), answer: undefined };
      }
    },
  };

  /** Which plan would cover it (R40). A refusal stands without. */
  async function suggest(
    { customer, meter, requested, reason, credits }: Checked,
    { provider, model }: Hold,
  ) {
    if (!['limit_reached', 'no_credits', 'disabled', 'model_not_in_plan'].includes(reason ?? ''))
      return undefined;
    const asked = meter && requested ? { [meter]: requested } : {};
    const wanted = { asked, credits: credits?.['needed'], provider, model };
    return link.ask((db) => suggestPlan(db, { customer, now: new Date(), ...wanted })).catch(() => undefined);
  }
}
