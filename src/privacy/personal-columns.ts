/** What a table holds of persons. Columns are names with spaces between them. */
export interface PersonalTable {
  /** the column with the id of the customer */
  customer: string;
  /** the column with the id of a member of a group; '' or null is the customer itself */
  member?: string;
  /** the id of the customer as SQL over the row `t`, where it is no column of its own */
  by?: string;
  /** column → what it becomes when a person is erased, as SQL over the row `t`: names, addresses, free text, links, payloads */
  erased?: Readonly<Record<string, string>>;
  /** never handed over: secrets of the installation */
  secret?: string;
  /** what stays, and is handed over: money, amounts, times, ids, words of the program */
  kept: string;
}

/** The audit names the fields of a person that changed and never what they were; what was typed beside them goes. */
const withoutWords = (side: string) =>
  `t.${side} - '{name,email,metadata,note,reason,stripe_customer_id}'::text[]`;

/**
 * Every table with rows of persons, and what becomes of each of its columns. A test fails for a column of the schema that stands neither
 * here nor in `impersonalTables`.
 */
export const personalTables: Readonly<Record<string, PersonalTable>> = {
  alerts: {
    customer: 'customer_id',
    member: 'subject',
    kept: 'meter_id window scope window_start threshold limit_value used at event_id read_at',
  },
  api_tokens: {
    customer: 'only_customer',
    secret: 'hash',
    kept: 'id name ending scopes role only_prefix created_at expires_at revoked_at last_used_at change_id',
  },
  audit_log: {
    customer: 'customer_id',
    erased: { before: withoutWords('before'), after: withoutWords('after') },
    kept: 'change_id id entity entity_key',
  },
  bound_accounts: {
    customer: 'only_customer',
    kept: 'account created_at change_id',
  },
  changes: {
    customer: 'asked',
    // why somebody was erased stays
    by: "case when t.action <> 'customers erase' then t.asked->>'customer' end",
    erased: { reason: 'null' },
    kept: 'id at actor action host program',
  },
  credit_entries: {
    customer: 'customer_id',
    erased: { reason: 'null' },
    kept: 'id grant_id at kind amount balance_after event_id change_id',
  },
  credit_grants: {
    customer: 'customer_id',
    erased: { reason: 'null' },
    kept: 'id source source_key amount remaining priority granted_at expires_at expired_at change_id',
  },
  customer_zones: {
    customer: 'customer_id',
    kept: 'from_at timezone change_id',
  },
  customers: {
    customer: 'id',
    erased: { name: 'null', email: 'null', metadata: "'{}'", stripe_customer_id: 'null' },
    kept: 'kind timezone currency has_overrides created_at disabled_at change_id made_by',
  },
  discount_redemptions: {
    customer: 'customer_id',
    kept: 'code id at invoice_id subscription_id periods_left amount change_id',
  },
  disputes: {
    customer: 'customer_id',
    kept: 'id kind provider_id amount currency reason status at closed_at',
  },
  invitations: {
    customer: 'customer_id',
    secret: 'hash',
    kept: 'id ending role uses used created_at expires_at revoked_at change_id',
  },
  invoice_lines: {
    customer: 'customer_id',
    kept: 'invoice_id position kind description quantity unit_amount amount period_start period_end details source_key',
  },
  invoices: {
    customer: 'customer_id',
    kept: 'id number source_key subscription_id plan_id every status currency total balance credit_notes out_of_band period_start period_end issued_at due_at paid_at voided_at collect_at stripe_invoice_id change_id',
  },
  limit_overrides: {
    customer: 'customer_id',
    erased: { reason: "'erased'" },
    kept: 'meter_id window scope starts_at ends_at limit_value actor change_id',
  },
  members: {
    customer: 'customer_id',
    member: 'member_id',
    erased: { name: 'null', email: 'null' },
    kept: 'role joined_at left_at change_id',
  },
  notification_preferences: {
    customer: 'customer_id',
    kept: 'kind channel opted_out_at',
  },
  notifications: {
    customer: 'customer_id',
    erased: { payload: "jsonb_build_object('customer', t.customer_id, 'erased', true)", last_error: 'null' },
    kept: 'id kind channel dedupe_key created_at next_try_at attempts sent_at dead_at',
  },
  parked: {
    customer: 'customer_id',
    erased: { payload: "'{}'", last_error: "'erased'" },
    kept: 'task id reason attempts first_at last_at next_try_at',
  },
  payments: {
    customer: 'customer_id',
    erased: { error: 'null', details: 'null' },
    kept: 'id invoice_id provider reference provider_id status amount amount_minor refunded_minor currency attempt at ask_at change_id',
  },
  refunds: {
    customer: 'customer_id',
    erased: { reason: 'null', error: 'null' },
    kept: 'id payment_id provider reference provider_id status amount amount_minor currency at change_id',
  },
  renewals: {
    customer: 'customer_id',
    kept: 'subscription_id period_start attempt period_end at outcome reason collection amount currency invoice_id next_try_at change_id',
  },
  reservations: {
    customer: 'customer_id',
    erased: {
      asked: "t.asked - '{metadata,session,session_id}'::text[]",
      held: "t.held - 'session'",
      settled: "t.settled - '{metadata,session,session_id}'::text[]",
    },
    kept: 'id at expires_at status ended_at event_id key answer',
  },
  stripe_events: {
    customer: 'customer_id',
    erased: { payload: "jsonb_build_object('id', t.id, 'type', t.type)", last_error: 'null', note: 'null' },
    kept: 'id type created_at received_at live status attempts next_try_at processed_at',
  },
  stripe_mirrors: {
    customer: 'customer_id',
    erased: {
      method_id: 'null',
      method_brand: 'null',
      method_last4: 'null',
      method_expires_at: 'null',
      deleted_id: 'null',
    },
    kept: 'count at compared_at',
  },
  stripe_overages: {
    customer: 'customer_id',
    erased: { error: 'null' },
    kept: 'source_key way description meter_id units amount currency window_start window_end at told_at stripe_id failed_at change_id',
  },
  subscription_phases: {
    customer: 'customer_id',
    erased: { reason: 'null' },
    kept: 'subscription_id from_at previous_status status plan_id version every anchor anchor_timezone period_start period_end clock_stops pause_clock cause snapshot written_at change_id',
  },
  subscriptions: {
    customer: 'customer_id',
    erased: { note: 'null', metadata: "'{}'" },
    kept: 'id status plan_id version every currency price quantity collection anchor anchor_timezone started_at from_at current_period_start current_period_end trial_end ends_at auto_renew cancel_at_period_end canceled_at ended_at past_due_since grace_until suspended_at paused_at resumes_at pause_clock complimentary_periods pending_plan_id pending_version pending_every pending_price pending_collection pending_currency pending_at cut_from pending_quantity usage_reset_at epoch stripe_subscription_id stripe_item_id assigned_by change_id',
  },
  usage_adjustments: {
    customer: 'customer_id',
    member: 'subject',
    kept: 'id meter_id window scope window_start event_id event_at amount recorded_at reason',
  },
  usage_counters: {
    customer: 'customer_id',
    member: 'subject',
    kept: 'meter_id window scope window_start window_end used refused limit_value closed_at change_id',
  },
  usage_events: {
    customer: 'customer_id',
    member: 'member_id',
    erased: { metadata: 'null', session_id: 'null' },
    kept: 'at id recorded_at kind quantity provider model tier input_tokens output_tokens cached_tokens tokens units estimated cost unpriced price_from price_provider credits status latency_ms endpoint already_spent subscription_id plan_id version result held reverses',
  },
  usage_keys: {
    customer: 'customer_id',
    kept: 'key event_at event_id content',
  },
  usage_rolling_totals: {
    customer: 'customer_id',
    member: 'subject',
    kept: 'meter_id at cum',
  },
  usage_resets: {
    customer: 'customer_id',
    erased: { reason: 'null' },
    kept: 'at subscription_id cause written_at change_id',
  },
  customer_windows: {
    customer: 'customer_id',
    kept: 'subscription_id epoch plan_id version uncounted_until ids starts ends refused credits_due_at next_end',
  },
  usage_totals: {
    customer: 'customer_id',
    kept: 'generation used held_until rolled',
  },
};
