import path from 'node:path';
import { openCatalogue } from '../../catalog/open-catalogue.ts';
import { packageRoot, packageVersion } from '../../config/package-root.ts';
import { inRehearsal } from '../../database/rehearse.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { effectiveTimetable } from '../../timetable/effective.ts';
import { agree, mayAsk } from '../ask.ts';
import { describeMaking, describeSetUp } from './describe-set-up.ts';
import { readRolePrefix } from './read-role-prefix.ts';
import { openPlace } from './open-place.ts';
import { setUp } from './set-up.ts';
import type { setup } from './spec.ts';

type Input = InputOf<typeof setup>;

/** Sets up what the options say; without any, on a terminal, it asks for what the database does not have. */
export async function run(context: Context, input: Input): Promise<Outcome> {
  if (input.plan) return (await import('./plan.ts')).planSetUp(context);
  const isBare = Object.values(input).every((value) => value === undefined || value === false);
  if (!isBare || !mayAsk(context)) return setUpPlace(context, input);
  const { askSetUp } = await import('./ask.ts');
  const answered = await askSetUp(context, input);
  return answered ? agree(context, answered, setUpPlace) : setUpPlace(context, input);
}

/** Finds or makes the database, sets it up, and says line by line what was done and what was there. */
async function setUpPlace(context: Context, input: Input): Promise<Outcome> {
  const { catalogue: name, preset, update, defaultPlan, timezone } = input;
  const rolePrefix = readRolePrefix(input);
  // before anything is made: a catalogue that cannot be read
  const catalogue = name === undefined ? undefined : await openCatalogue(name, { cwd: context.cwd, preset });
  const { huggingface, timetable } = await context.settings();
  const tasks = effectiveTimetable(timetable);
  const place = await openPlace(context);
  if (place.wouldMake) return describeMaking(place, input);
  const connection = await context.database();
  const asked = {
    catalogue: name,
    preset,
    update: update || undefined,
    default_plan: defaultPlan,
    timezone,
    roles: rolePrefix,
  };
  const [now, actor] = [await context.now(), await context.actor()];
  const change = { now, actor, reason: context.reason, action: 'setup', asked };
  const program = { folder: path.join(packageRoot(), 'drizzle'), program: packageVersion() };
  const request = {
    ...{ program, change, clock: now, catalogue, update },
    ...{ defaultPlan, timezone, huggingface, rolePrefix, tasks },
  };
  const done = await inRehearsal(
    connection,
    (tx) => setUp(tx, request),
    ({ changed }) => context.dryRun || !changed,
  );
  return describeSetUp({ place, done, dryRun: context.dryRun });
}
