import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

/** The failure for an unknown meter, with the nearest name. */
export function noSuchMeter(id: string, known: readonly string[]): Failure {
  const near = nearest(
    id,
    known.filter((each) => !each.includes('*')),
  );
  return new Failure('not_found', `There is no meter '${id}'${near ? `, did you mean ${near}?` : ''}`, {
    hint: 'List them: subctl meters list --all; add one: subctl meters add',
  });
}
