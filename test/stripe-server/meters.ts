import type Stripe from 'stripe';
import { type Params, integer, record, text, texts } from './form.ts';
import { completeList } from './pages.ts';
import { invalid, missing, type MeterUse, type ThinEvent, type World } from './world.ts';

/** "Stripe enforces uniqueness within a rolling period of at least 24 hours" (MeterEventCreateParams.identifier). */
const uniqueSeconds = 86_400;
/** "Must be within the past 35 calendar days or up to 5 minutes in the future" (MeterEventCreateParams.timestamp). */
const [oldest, newest] = [35 * 86_400, 300];

export function createMeter(world: World, params: Params): Stripe.Billing.Meter {
  const keys = [record(params['customer_mapping']), record(params['value_settings'])] as const;
  const formula = text(record(params['default_aggregation'])['formula']) ?? 'sum';
  return world.add('meter', {
    id: world.newId('meter'),
    object: 'billing.meter',
    created: world.now,
    customer_mapping: {
      event_payload_key: text(keys[0]['event_payload_key']) ?? 'stripe_customer_id',
      type: 'by_id',
    },
    default_aggregation: { formula },
    display_name: text(params['display_name']) ?? '',
    event_name: text(params['event_name']) ?? '',
    event_time_window: null,
    livemode: world.livemode,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: world.now,
    value_settings: { event_payload_key: text(keys[1]['event_payload_key']) ?? 'value' },
  });
}

/**
 * A use that is billed by Stripe. It is always taken; what is wrong with it is found later and told by a thin event
 * (docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api: "Stripe processes meter events asynchronously").
 * An identifier that came within a day is refused, by its sentence alone (docs.stripe.com/error-codes has `duplicate_meter_event`, which the
 * first interface leaves out).
 */
export function createMeterEvent(world: World, params: Params): Stripe.Billing.MeterEvent {
  const payload = texts(params['payload']);
  const event = text(params['event_name']) ?? '';
  const timestamp = integer(params['timestamp']) ?? world.now;
  const identifier = text(params['identifier']) ?? world.newId('event');
  if (identifier.length > 100) throw invalid('Invalid string: must be at most 100 characters', 'identifier');
  const meter = world.list('meter', (each) => each.event_name === event)[0];
  const customer = payload[meter?.customer_mapping.event_payload_key ?? 'stripe_customer_id'] ?? '';
  const value = payload[meter?.value_settings.event_payload_key ?? 'value'] ?? '';
  const use = { event, customer, value, timestamp, identifier };
  const code = faultOf(world, use, meter);
  const cameAt = world.identifiers.get(identifier);
  if (cameAt !== undefined && cameAt + uniqueSeconds > world.now)
    throw invalid(`An event already exists with identifier ${identifier}.`);
  world.identifiers.set(identifier, world.now);
  if (code) reportFault(world, use, { code, meter });
  else world.uses.push(use);
  return {
    object: 'billing.meter_event',
    created: world.now,
    event_name: event,
    identifier,
    livemode: world.livemode,
    payload,
    timestamp,
  };
}

function faultOf(
  world: World,
  { customer, value, timestamp }: MeterUse,
  meter: Stripe.Billing.Meter | undefined,
): string | undefined {
  if (!meter) return 'no_meter';
  if (meter.status !== 'active') return 'archived_meter';
  if (customer === '') return 'meter_event_no_customer_defined';
  if (!world.find('customer', customer)) return 'meter_event_customer_not_found';
  if (!/^\d+$/.test(value)) return 'meter_event_invalid_value';
  const now = world.nowOf(customer);
  if (timestamp < now - oldest) return 'timestamp_too_far_in_past';
  return timestamp > now + newest ? 'timestamp_in_future' : undefined;
}

/** Stripe's report of a use that it could not count, as it comes to the endpoint and as it is fetched. */
export function reportFault(
  world: World,
  { identifier }: Pick<MeterUse, 'identifier'>,
  { code, meter }: { code: string; meter: Stripe.Billing.Meter | undefined },
): ThinEvent {
  const at = new Date(world.now * 1000).toISOString();
  const sample = { error_message: `The meter event is not valid: ${code}`, request: { identifier } };
  const report = {
    id: world.newId('event'),
    object: 'v2.core.event',
    created: at,
    livemode: world.livemode,
    type: meter ? 'v1.billing.meter.error_report_triggered' : 'v1.billing.meter.no_meter_found',
    ...(meter && {
      related_object: { id: meter.id, type: 'billing.meter', url: `/v1/billing/meters/${meter.id}` },
    }),
    data: {
      developer_message_summary: 'There is 1 invalid event',
      reason: { error_count: 1, error_types: [{ code, error_count: 1, sample_errors: [sample] }] },
      validation_start: at,
      validation_end: at,
    },
  } as unknown as ThinEvent;
  world.thinEvents.push(report);
  return report;
}

export function readThinEvent(world: World, id: string): object {
  const found = world.thinEvents.find((each) => each.id === id);
  if (!found) throw missing('event', id, 'id');
  return found;
}

/** What a thin event says when it comes: nothing of what it is about (docs.stripe.com/event-destinations, "thin events"). */
export function thin({ data, ...notification }: ThinEvent): object {
  void data;
  return notification;
}

/** What was used between two minutes, one sum for all (MeterListEventSummariesParams: "must be aligned with minute boundaries"). */
export function listSummaries(world: World, params: Params, id: string): object {
  const meter = world.get('meter', id);
  const customer = world.get('customer', text(params['customer']), 'customer').id;
  const [from = 0, until = 0] = [integer(params['start_time']), integer(params['end_time'])];
  for (const [at, name] of [
    [from, 'start_time'],
    [until, 'end_time'],
  ] as const)
    if (at % 60 !== 0) throw invalid('Timestamps must be aligned with minute boundaries', name);
  const used = world.uses.filter(
    (use) =>
      use.event === meter.event_name &&
      use.customer === customer &&
      use.timestamp >= from &&
      use.timestamp < until,
  );
  const sum = used.reduce((all, { value }) => all + Number(value), 0);
  const summary = {
    id: `mtrusg_${meter.id}_${from}_${customer}`,
    object: 'billing.meter_event_summary',
    aggregated_value: sum,
    start_time: from,
    end_time: until,
    livemode: world.livemode,
    meter: meter.id,
  } satisfies Stripe.Billing.MeterEventSummary;
  return completeList(used.length === 0 ? [] : [summary], params);
}
