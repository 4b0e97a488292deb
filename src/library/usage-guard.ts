import { suggestPlan } from '../catalog/suggest-plan.ts';
import type { Checked, Happened, Held, Hold } from './answers.ts';
import type { DatabaseSession } from './database-session.ts';
import type { How } from './options.ts';
import { asFailure, isAway } from './record-many.ts';
import type { Recorder } from './recorder.ts';
import { describeRefusal, describeUnavailable, type RefusalResponse } from './refusal.ts';
import { onlyGiven, type Use } from './use.ts';

/** A call that may be made. Either is done in the background: what goes wrong is a problem that is told. */
export interface AllowedCall {
  settle(happened: Happened): void;
  release(): void;
}

/** A call that may be made, or what to answer in its place. */
export type GuardResult = { allowedCall: AllowedCall } | { refused: RefusalResponse };

/** What metered calls and middleware need of a client. */
export interface UsageGuard {
  admit(use: Hold, how: How): Promise<GuardResult>;
  recorder: Recorder;
}

export interface UsageGuardParts {
  database: DatabaseSession;
  recorder: Recorder;
  hold(use: Hold): Promise<Held>;
  check(use: Use): Promise<Checked>;
}

export function openUsageGuard({ database, recorder, hold, check }: UsageGuardParts): UsageGuard {
  const later = (work: () => Promise<unknown>) => recorder.inBackground(work);

  async function ask(use: Hold, how: How): Promise<{ answer: Checked; allowedCall: AllowedCall }> {
    if (how === 'hold') {
      const held = await hold(use);
      const settle = (happened: Happened) => later(() => held.settle(happened));
      return { answer: held.answer, allowedCall: { settle, release: () => later(() => held.release()) } };
    }
    const asked = { ...use, holdSeconds: undefined, at: new Date() };
    const settle = (happened: Happened) =>
      later(() => recorder.record({ ...asked, ...onlyGiven(happened), alreadySpent: true }, {}));
    return { answer: await check(asked), allowedCall: { settle, release: () => undefined } };
  }

  /** Which plan would cover it (R40). A refusal stands without. */
  async function suggest(
    { customer, meter, requested, reason, credits }: Checked,
    { provider, model }: Hold,
  ) {
    if (!['limit_reached', 'no_credits', 'disabled', 'model_not_in_plan'].includes(reason ?? ''))
      return undefined;
    const asked = meter && requested ? { [meter]: requested } : {};
    const wanted = { asked, credits: credits?.['needed'], provider, model };
    return database
      .ask((db) => suggestPlan(db, { customer, now: new Date(), ...wanted }))
      .catch(() => undefined);
  }

  return {
    recorder,
    async admit(use, how) {
      try {
        const { answer, allowedCall } = await ask(use, how);
        if (answer.allowed) return { allowedCall };
        return { refused: describeRefusal(answer, await suggest(answer, use), new Date()) };
      } catch (error) {
        if (!isAway(error)) throw error;
        return { refused: describeUnavailable(asFailure(error)) };
      }
    },
  };
}
