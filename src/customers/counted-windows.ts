import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import type { OverrideKey } from './override-key.ts';

/**
 * Checks that the customer's plan counts the window that a limit is for: a limit on another window would never be checked.
 * @throws Failure not_found for an unknown meter, refused without a plan or when the plan does not count the window, naming the windows
 * that it counts
 */
export async function checkCounted(
  db: Db,
  { customer, meter, window, scope }: OverrideKey,
  now: Date,
): Promise<void> {
  const rows = await db<{ plan: string | null; counted: string[] | null; meters: string[] }[]>`
    select e.plan_id as plan,
           (select array_agg(l.win || case l.scope when 'member' then ' per member' else '' end order by l.win)
              from subctl_internal.version_limits(e.plan_id, e.version) l where l.meter_id = ${meter}) as counted,
           (select array_agg(m.id::text) from subctl.meters m) as meters
      from subctl_internal.effective_subscription(${customer}, ${now}) e`;
  const { plan, counted, meters } = rows[0]!;
  if (!meters?.includes(meter)) {
    const near = nearest(meter, meters ?? []);
    throw new Failure('not_found', `There is no meter '${meter}'${near ? `, did you mean ${near}?` : ''}`, {
      hint: 'subctl meters list',
    });
  }
  if (plan === null) {
    throw new Failure(
      'refused',
      `Customer ${customer} has no plan, so no usage is counted that could be limited`,
      {
        hint: `subctl assign ${customer} PLAN`,
      },
    );
  }
  if (counted?.includes(scope === 'member' ? `${window} per member` : window)) return;
  throw new Failure(
    'refused',
    `Plan ${plan} does not count ${meter} per ${window}${scope === 'member' ? ' and member' : ''}`,
    {
      hint: counted ? `It counts ${meter} per: ${counted.join(', ')}` : 'subctl plans show',
    },
  );
}
