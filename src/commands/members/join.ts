import { joinByCode } from '../../customers/join.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { joinGroup } from './spec.ts';

/** Makes a person a member by an invitation code; the code is not noted. */
export async function run(context: Context, input: InputOf<typeof joinGroup>): Promise<Outcome> {
  const { member } = input;
  const record = await write(context, { action: 'members join', asked: { member } }, (tx, change) =>
    joinByCode(tx, change, input),
  );
  return { record };
}
