import { describe, expect, it } from 'vitest';
import {
  Failure,
  exitCodeOf,
  failureKinds,
  httpStatusOf,
  isRetryable,
  meaningOf,
} from '../../src/domain/failure.ts';

describe('failures', () => {
  it('have the exit codes that were promised, and no other', () => {
    expect(Object.fromEntries(failureKinds.map((kind) => [kind, exitCodeOf(kind)]))).toEqual({
      bug: 1,
      usage: 2,
      not_found: 3,
      refused: 4,
      config: 5,
      unavailable: 6,
      incomplete: 7,
      conflict: 8,
      interrupted: 130,
      terminated: 143,
    });
  });

  it('are worth another try only when nothing was decided', () => {
    expect(failureKinds.filter(isRetryable)).toEqual(['unavailable', 'interrupted', 'terminated']);
  });

  it('have an HTTP status of an error and a meaning each', () => {
    for (const kind of failureKinds)
      expect([httpStatusOf(kind) >= 400, meaningOf(kind).length > 5]).toEqual([true, true]);
  });

  it('keep their hint, details and cause', () => {
    const cause = new Error('23505');
    const failure = new Failure('conflict', 'Plan pro exists', {
      hint: 'subctl plans show pro',
      cause,
      details: { plan: 'pro' },
    });
    expect(failure).toMatchObject({
      kind: 'conflict',
      hint: 'subctl plans show pro',
      details: { plan: 'pro' },
      cause,
    });
  });
});
