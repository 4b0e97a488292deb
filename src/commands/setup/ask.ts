import { openCatalogue } from '../../catalog/open-catalogue.ts';
import { readCatalogue } from '../../catalog/read-catalogue.ts';
import { listShipped, readStandard } from '../../catalog/shipped.ts';
import { parseTimezone } from '../../domain/timezones.ts';
import type { Prompts } from '../../terminal/prompts.ts';
import { readBy } from '../ask.ts';
import type { Context } from '../context.ts';
import { type Missing, findMissing } from './find-missing.ts';
import { openPlace } from './open-place.ts';

type Asked = Record<'catalogue' | 'defaultPlan' | 'timezone', string | undefined>;

/** Asks for settings that the database lacks. Returns undefined if nothing is missing. */
export async function askSetUp<I extends Asked>(context: Context, input: I): Promise<I | undefined> {
  const missing = await lookAt(context);
  if (!missing.schema && !missing.plans) return undefined;
  const prompts = await context.prompts('Give --catalogue, --default-plan and --timezone');
  const catalogue = missing.plans ? await askCatalogue(prompts) : undefined;
  const defaultPlan = catalogue === undefined ? undefined : await askDefaultPlan(context, prompts, catalogue);
  const timezone = missing.schema ? await askTimezone(prompts) : undefined;
  return { ...input, catalogue, defaultPlan, timezone };
}

/** Finds what is missing without creating anything; without a database, everything is. */
async function lookAt(context: Context): Promise<Missing> {
  const { wouldMake } = await openPlace({ ...context, dryRun: true });
  return wouldMake ? { schema: true, plans: true } : findMissing(await context.database());
}

function askCatalogue(prompts: Prompts): Promise<string | undefined> {
  const shipped = listShipped();
  const room = Math.max(...shipped.map(({ name }) => name.length));
  return prompts.select<string | undefined>('Catalogue of plans:', [
    ...shipped.map(({ name, description, plans }) => ({
      name: `${name.padEnd(room)}  ${plans.join(', ')}`,
      description,
      short: name,
      value: name,
    })),
    {
      name: `${'none'.padEnd(room)}  my own plans`,
      description: 'Create plans with subctl plans create, or load a file with subctl plans load',
      short: 'none',
      value: undefined,
    },
  ]);
}

/** Asks for the default plan. Undefined keeps the default of the catalogue. */
async function askDefaultPlan(context: Context, prompts: Prompts, name: string): Promise<string | undefined> {
  const { value, file } = await openCatalogue(name, { cwd: context.cwd });
  const { plans } = readCatalogue(value, { file, standard: readStandard() }).catalogue;
  const own = plans.find(({ isDefault }) => isDefault)?.id;
  const room = Math.max(...plans.map(({ id }) => id.length));
  const chosen = await prompts.select<string | undefined>(
    'Plan of customers without a subscription:',
    [
      ...(own === undefined
        ? [{ name: `${'none'.padEnd(room)}  no access`, short: 'none', value: undefined }]
        : []),
      ...plans.map(({ id, name: title }) => ({ name: `${id.padEnd(room)}  ${title}`, short: id, value: id })),
    ],
    own,
  );
  return chosen === own ? undefined : chosen;
}

/** Asks for a time zone: this machine's first, then UTC, then all others. Aliases are accepted. */
function askTimezone(prompts: Prompts): Promise<string> {
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const first = readBy(parseTimezone)(here) === true ? [here, 'UTC'] : ['UTC'];
  const zones = [...new Set([...first, ...Intl.supportedValuesOf('timeZone')])];
  return prompts.search('Default time zone:', (typed) => {
    const wanted = typed.trim().toLowerCase().replaceAll(' ', '_');
    const found = zones.filter((zone) => zone.toLowerCase().includes(wanted));
    const isAlias = wanted !== '' && found.length === 0 && readBy(parseTimezone)(wanted) === true;
    return Promise.resolve(
      (isAlias ? [parseTimezone(wanted)] : found).map((zone) => ({ name: zone, value: zone })),
    );
  });
}
