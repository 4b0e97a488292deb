/** The tables without rows of persons, with all their columns: plans, prices, the timetable, sums over many, caches that are made again. */
export const impersonalTables: Readonly<Record<string, string>> = {
  catalog_state: 'id generation',
  credit_costs: 'plan_id kind amount',
  customer_priced_rules:
    'customer_id kind catalog live_from live_until canonical slots fields stops heads windows subscription_id plan_id version opening spans marked generation credit_cost grant_id provider model has_tokens used_provider tier meters rates price_from price_provider',
  customer_rules:
    'customer_id kind catalog live_from live_until canonical slots fields stops heads windows subscription_id plan_id version opening spans marked generation credit_cost grant_id',
  daemons: 'id host pid program started_at seen_at stop_requested',
  discounts:
    'code kind amount currency plans max_uses max_uses_per_customer starts_at expires_at periods active created_at',
  first_use_rules:
    'kind catalog live_from live_until canonical slots fields stops heads windows subscription_id plan_id version opening spans marked provider model has_tokens used_provider tier meters rates price_from price_provider timezone is_plain ids starts ends rolled',
  job_runs:
    'task scheduled_for sequence as_of trigger actor host pid token started_at finished_at outcome done skipped parked late late_by error note asked change_id',
  jobs: 'task cron timezone enabled switched_off catch_up grace next_due stop_requested lease_owner lease_token lease_until leased_for last_finished_at last_success_at failures',
  kinds: 'id canonical cost',
  meter_windows: 'id meter_id window scope',
  meters: 'id name kinds providers models tier field aggregation unit',
  models: 'provider pattern aliases free_tier multiplier',
  plan_limits: 'plan_id version meter_id window scope limit_value enforcement overage_price overage_per',
  plan_prices: 'plan_id version interval currency amount stripe_price_id',
  plan_rules:
    'plan_id version kind canonical ids meter_ids wins win_kinds win_ns scopes lims modes fields providers models tiers thresholds credit_cost credits_unlimited allowed_models estimate_paid estimate_free cost_none',
  plan_stripe_prices: 'stripe_price_id plan_id version interval currency',
  plan_versions:
    'plan_id version trial_days grace_days net_days auto_renew credits credits_unlimited credits_every rollover_max features allowed_models max_users per_seat usage_on_change proration_meter alert_thresholds estimate_paid estimate_free extra created_at change_id',
  plans:
    'id name description rank active is_default fallback fallback_plan_id current_version catalogue created_at',
  price_cards: 'provider model effective_from comps amounts pers tiers',
  price_fallbacks: 'provider position fallback',
  prices:
    'provider model component effective_from revision unit amount per tiers source recorded_at change_id',
  provider_keys:
    'name provider sealed master_key ending base_url created_at set_at expires_at tested_at test_result test_status change_id',
  rule_templates:
    'plan_id version kind provider model has_tokens used_provider tier meters rates price_from price_provider is_plain catalog canonical ids names window_kinds window_counts restarts fields limits stops heads thresholds opening credit_cost priced_from priced_until',
  settings: 'key value updated_at',
  status_moves: 'from_status to_status',
  subscription_counts: 'id plan_id subscriptions',
  usage_active_customers: 'starts_at ends_at customers',
  usage_day_sums: 'month starts_at ends_at kind provider model plan_id uses tokens cost unpriced',
  usage_imports: 'beginning started_at',
  usage_late_marks: 'month transaction',
  usage_sums: 'month timezone from_at to_at',
};
