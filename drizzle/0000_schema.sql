CREATE SEQUENCE "subctl"."catalog_generation" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "subctl"."catalog_state" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"generation" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "catalog_state_one_row" CHECK (id)
);
--> statement-breakpoint
CREATE TABLE "subctl"."credit_costs" (
	"plan_id" text DEFAULT '' NOT NULL,
	"kind" text NOT NULL,
	"amount" numeric NOT NULL,
	CONSTRAINT "credit_costs_plan_id_kind_pk" PRIMARY KEY("plan_id","kind"),
	CONSTRAINT "credit_costs_amount_check" CHECK (amount > 0 and amount <= 1000)
);
--> statement-breakpoint
CREATE TABLE "subctl"."discounts" (
	"code" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"amount" numeric NOT NULL,
	"currency" text,
	"plans" text[],
	"max_uses" integer,
	"max_uses_per_customer" integer,
	"starts_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"periods" integer DEFAULT 1,
	CONSTRAINT "discounts_kind_check" CHECK (kind in ('percent', 'fixed')),
	CONSTRAINT "discounts_code_check" CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,63}$'),
	CONSTRAINT "discounts_currency_check" CHECK ((kind = 'fixed') = (currency is not null)),
	CONSTRAINT "discounts_uses_check" CHECK (max_uses > 0 and max_uses_per_customer > 0 and periods > 0),
	CONSTRAINT "discounts_amount_check" CHECK (amount > 0 and (kind <> 'percent' or amount <= 100))
);
--> statement-breakpoint
CREATE TABLE "subctl"."kinds" (
	"id" text PRIMARY KEY NOT NULL,
	"canonical" text NOT NULL,
	"cost" text DEFAULT 'priced' NOT NULL,
	CONSTRAINT "kinds_id_check" CHECK (id ~ '^[a-z0-9][a-z0-9_.-]*$'),
	CONSTRAINT "kinds_length_check" CHECK (length(id) <= 200),
	CONSTRAINT "kinds_cost_check" CHECK (cost in ('priced', 'none'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."meter_windows" (
	"id" integer PRIMARY KEY NOT NULL,
	"meter_id" text NOT NULL,
	"window" text NOT NULL,
	"scope" text NOT NULL,
	CONSTRAINT "meter_windows_key" UNIQUE("meter_id","window","scope"),
	CONSTRAINT "meter_windows_scope_check" CHECK (scope in ('customer', 'member'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."meters" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kinds" text[],
	"providers" text[],
	"models" text[],
	"tier" text,
	"field" text DEFAULT 'quantity' NOT NULL,
	"aggregation" text DEFAULT 'sum' NOT NULL,
	"unit" text,
	CONSTRAINT "meters_id_check" CHECK (id ~ '^[a-z0-9][a-z0-9_.-]*$'),
	CONSTRAINT "meters_length_check" CHECK (length(id) <= 200 and length(name) <= 500),
	CONSTRAINT "meters_tier_check" CHECK (tier in ('free', 'paid')),
	CONSTRAINT "meters_field_check" CHECK (field in ('quantity', 'tokens', 'input', 'output', 'cost', 'bytes', 'characters', 'pages', 'seconds')),
	CONSTRAINT "meters_aggregation_check" CHECK (aggregation in ('sum', 'count'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."models" (
	"provider" text NOT NULL,
	"pattern" text NOT NULL,
	"aliases" text[] DEFAULT '{}' NOT NULL,
	"free_tier" boolean DEFAULT false NOT NULL,
	"multiplier" numeric DEFAULT '1' NOT NULL,
	CONSTRAINT "models_provider_pattern_pk" PRIMARY KEY("provider","pattern"),
	CONSTRAINT "models_multiplier_check" CHECK (multiplier > 0)
);
--> statement-breakpoint
CREATE TABLE "subctl"."credit_entries" (
	"customer_id" varchar(200) NOT NULL,
	"id" bigint NOT NULL,
	"grant_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"amount" numeric NOT NULL,
	"balance_after" numeric NOT NULL,
	"event_id" uuid,
	"reason" text,
	"change_id" text,
	CONSTRAINT "credit_entries_customer_id_id_pk" PRIMARY KEY("customer_id","id")
);
--> statement-breakpoint
CREATE TABLE "subctl"."credit_grants" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"amount" numeric NOT NULL,
	"remaining" numeric NOT NULL,
	"priority" integer NOT NULL,
	"granted_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"expired_at" timestamp with time zone,
	"reason" text,
	"change_id" text,
	CONSTRAINT "credit_grants_customer_id_id_pk" PRIMARY KEY("customer_id","id")
);
--> statement-breakpoint
CREATE TABLE "subctl"."audit_log" (
	"customer_id" varchar(200) NOT NULL,
	"change_id" text NOT NULL,
	"id" integer NOT NULL,
	"entity" text NOT NULL,
	"entity_key" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "audit_log_customer_id_change_id_id_pk" PRIMARY KEY("customer_id","change_id","id")
);
--> statement-breakpoint
CREATE TABLE "subctl"."changes" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"reason" text,
	"asked" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"host" text,
	"program" text
);
--> statement-breakpoint
CREATE TABLE "subctl"."customer_zones" (
	"customer_id" varchar(200) NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"timezone" text,
	"change_id" text,
	CONSTRAINT "customer_zones_customer_id_from_at_pk" PRIMARY KEY("customer_id","from_at"),
	CONSTRAINT "customer_zones_timezone_check" CHECK (timezone is null or (timezone ~ '^(UTC|[A-Za-z]+(/[A-Za-z_-]+)+)$' and ('2000-01-01'::timestamp at time zone timezone) is not null))
);
--> statement-breakpoint
CREATE TABLE "subctl"."customers" (
	"id" varchar(200) PRIMARY KEY NOT NULL,
	"kind" text DEFAULT 'user' NOT NULL,
	"name" text,
	"email" text,
	"timezone" text,
	"currency" text,
	"stripe_customer_id" text,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"has_overrides" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"disabled_at" timestamp with time zone,
	"change_id" text,
	"made_by" text,
	CONSTRAINT "customers_kind_check" CHECK (kind in ('user', 'group')),
	CONSTRAINT "customers_id_check" CHECK (length(id) between 1 and 200 and id !~ '[[:cntrl:]]' and id = btrim(id)),
	CONSTRAINT "customers_timezone_check" CHECK (timezone is null or (timezone ~ '^(UTC|[A-Za-z]+(/[A-Za-z_-]+)+)$' and ('2000-01-01'::timestamp at time zone timezone) is not null)),
	CONSTRAINT "customers_currency_check" CHECK (currency is null or currency ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "subctl"."members" (
	"customer_id" varchar(200) NOT NULL,
	"member_id" varchar(200) NOT NULL,
	"role" text DEFAULT 'member' NOT NULL,
	"name" text,
	"email" text,
	"joined_at" timestamp with time zone NOT NULL,
	"left_at" timestamp with time zone,
	"change_id" text,
	CONSTRAINT "members_customer_id_member_id_pk" PRIMARY KEY("customer_id","member_id"),
	CONSTRAINT "members_role_check" CHECK (role in ('member', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."notification_preferences" (
	"customer_id" varchar(200) NOT NULL,
	"kind" text NOT NULL,
	"channel" text NOT NULL,
	"opted_out_at" timestamp with time zone NOT NULL,
	CONSTRAINT "notification_preferences_customer_id_kind_channel_pk" PRIMARY KEY("customer_id","kind","channel")
);
--> statement-breakpoint
CREATE TABLE "subctl"."notifications" (
	"customer_id" varchar(200) NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"channel" text DEFAULT 'email' NOT NULL,
	"dedupe_key" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"next_try_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"sent_at" timestamp with time zone,
	"dead_at" timestamp with time zone,
	"last_error" text,
	CONSTRAINT "notifications_customer_id_id_pk" PRIMARY KEY("customer_id","id")
);
--> statement-breakpoint
CREATE TABLE "subctl"."settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "subctl"."invitations" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"hash" text NOT NULL,
	"ending" text NOT NULL,
	"role" text NOT NULL,
	"uses" integer NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"change_id" text,
	CONSTRAINT "invitations_customer_id_id_pk" PRIMARY KEY("customer_id","id"),
	CONSTRAINT "invitations_role_check" CHECK (role in ('member', 'admin')),
	CONSTRAINT "invitations_uses_check" CHECK (uses > 0 and used between 0 and uses)
);
--> statement-breakpoint
CREATE TABLE "subctl"."discount_redemptions" (
	"customer_id" varchar(200) NOT NULL,
	"code" text NOT NULL,
	"id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"invoice_id" uuid,
	"amount" numeric NOT NULL,
	"change_id" text,
	"subscription_id" uuid,
	"periods_left" integer,
	CONSTRAINT "discount_redemptions_customer_id_code_id_pk" PRIMARY KEY("customer_id","code","id")
);
--> statement-breakpoint
CREATE TABLE "subctl"."invoice_lines" (
	"customer_id" varchar(200) NOT NULL,
	"invoice_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"description" text NOT NULL,
	"quantity" numeric DEFAULT '1' NOT NULL,
	"unit_amount" numeric NOT NULL,
	"amount" numeric NOT NULL,
	"period_start" timestamp with time zone,
	"period_end" timestamp with time zone,
	"details" jsonb,
	"source_key" text,
	CONSTRAINT "invoice_lines_customer_id_invoice_id_position_pk" PRIMARY KEY("customer_id","invoice_id","position")
);
--> statement-breakpoint
CREATE TABLE "subctl"."invoices" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"number" text NOT NULL,
	"source_key" text NOT NULL,
	"subscription_id" uuid,
	"status" text NOT NULL,
	"currency" text NOT NULL,
	"total" numeric NOT NULL,
	"period_start" timestamp with time zone,
	"period_end" timestamp with time zone,
	"issued_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"paid_at" timestamp with time zone,
	"voided_at" timestamp with time zone,
	"stripe_invoice_id" text,
	"change_id" text,
	"collect_at" timestamp with time zone,
	"balance" numeric DEFAULT '0' NOT NULL,
	"credit_notes" numeric DEFAULT '0' NOT NULL,
	"out_of_band" numeric DEFAULT '0' NOT NULL,
	"plan_id" text,
	"every" text,
	CONSTRAINT "invoices_customer_id_id_pk" PRIMARY KEY("customer_id","id"),
	CONSTRAINT "invoices_status_check" CHECK (status in ('open', 'paid', 'void', 'uncollectible')),
	CONSTRAINT "invoices_currency_check" CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT "invoices_paid_check" CHECK ((status = 'paid') = (paid_at is not null)),
	CONSTRAINT "invoices_void_check" CHECK ((status = 'void') = (voided_at is not null)),
	CONSTRAINT "invoices_collect_check" CHECK (collect_at is null or status = 'open')
);
--> statement-breakpoint
CREATE TABLE "subctl"."payments" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"invoice_id" uuid,
	"provider" text NOT NULL,
	"reference" text NOT NULL,
	"status" text NOT NULL,
	"amount" numeric NOT NULL,
	"amount_minor" bigint NOT NULL,
	"refunded_minor" bigint DEFAULT 0 NOT NULL,
	"currency" text NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"error" text,
	"details" jsonb,
	"change_id" text,
	"provider_id" text,
	"ask_at" timestamp with time zone,
	CONSTRAINT "payments_customer_id_id_pk" PRIMARY KEY("customer_id","id"),
	CONSTRAINT "payments_status_check" CHECK (status in ('intended', 'processing', 'requires_action', 'paid', 'declined', 'refunded', 'partially_refunded')),
	CONSTRAINT "payments_amount_check" CHECK (amount >= 0 and amount_minor >= 0 and refunded_minor between 0 and amount_minor)
);
--> statement-breakpoint
CREATE TABLE "subctl"."refunds" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"reference" text NOT NULL,
	"provider_id" text,
	"status" text NOT NULL,
	"amount" numeric NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"reason" text,
	"error" text,
	"change_id" text,
	CONSTRAINT "refunds_customer_id_id_pk" PRIMARY KEY("customer_id","id"),
	CONSTRAINT "refunds_status_check" CHECK (status in ('intended', 'pending', 'refunded', 'failed')),
	CONSTRAINT "refunds_amount_check" CHECK (amount > 0 and amount_minor > 0)
);
--> statement-breakpoint
CREATE TABLE "subctl"."limit_overrides" (
	"customer_id" varchar(200) NOT NULL,
	"meter_id" text NOT NULL,
	"window" text NOT NULL,
	"scope" text DEFAULT 'customer' NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone,
	"limit_value" numeric,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"change_id" text,
	CONSTRAINT "limit_overrides_customer_id_meter_id_window_scope_starts_at_pk" PRIMARY KEY("customer_id","meter_id","window","scope","starts_at"),
	CONSTRAINT "limit_overrides_value_check" CHECK (limit_value >= 0),
	CONSTRAINT "limit_overrides_scope_check" CHECK (scope in ('customer', 'member')),
	CONSTRAINT "limit_overrides_span_check" CHECK (ends_at > starts_at)
);
--> statement-breakpoint
CREATE TABLE "subctl"."plan_limits" (
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"meter_id" text NOT NULL,
	"window" text NOT NULL,
	"scope" text DEFAULT 'customer' NOT NULL,
	"limit_value" numeric,
	"enforcement" text DEFAULT 'hard' NOT NULL,
	"overage_price" numeric,
	"overage_per" numeric,
	CONSTRAINT "plan_limits_plan_id_version_meter_id_window_scope_pk" PRIMARY KEY("plan_id","version","meter_id","window","scope"),
	CONSTRAINT "plan_limits_value_check" CHECK (limit_value >= 0),
	CONSTRAINT "plan_limits_scope_check" CHECK (scope in ('customer', 'member')),
	CONSTRAINT "plan_limits_enforcement_check" CHECK (enforcement in ('hard', 'soft', 'overage')),
	CONSTRAINT "plan_limits_overage_check" CHECK ((enforcement = 'overage') = (overage_price is not null)),
	CONSTRAINT "plan_limits_overage_price_check" CHECK (overage_price >= 0 and overage_per > 0),
	CONSTRAINT "plan_limits_window_check" CHECK ("window" ~ '^(hour|day|week(_(mon|tues|wednes|thurs|fri|satur|sun)day)?|month|year|period|term|lifetime|each|session|every_[1-9][0-9]{0,3}(d|w|mo|y)|rolling_[1-9][0-9]{0,2}(h|d))$')
);
--> statement-breakpoint
CREATE TABLE "subctl"."plan_prices" (
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"interval" text NOT NULL,
	"currency" text NOT NULL,
	"amount" numeric,
	"stripe_price_id" text,
	CONSTRAINT "plan_prices_plan_id_version_interval_currency_pk" PRIMARY KEY("plan_id","version","interval","currency"),
	CONSTRAINT "plan_prices_interval_check" CHECK ("interval" ~ '^[1-9][0-9]{0,3}(d|w|mo|y)$'),
	CONSTRAINT "plan_prices_currency_check" CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT "plan_prices_amount_check" CHECK (amount >= 0)
);
--> statement-breakpoint
CREATE TABLE "subctl"."plan_rules" (
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"canonical" text NOT NULL,
	"ids" integer[] NOT NULL,
	"meter_ids" text[] NOT NULL,
	"wins" text[] NOT NULL,
	"win_kinds" text[] NOT NULL,
	"win_ns" integer[] NOT NULL,
	"scopes" text[] NOT NULL,
	"lims" numeric[] NOT NULL,
	"modes" text[] NOT NULL,
	"fields" text[] NOT NULL,
	"providers" text[] NOT NULL,
	"models" text[] NOT NULL,
	"tiers" text[] NOT NULL,
	"thresholds" numeric[] NOT NULL,
	"credit_cost" numeric,
	"credits_unlimited" boolean NOT NULL,
	"allowed_models" text[],
	"estimate_paid" numeric,
	"estimate_free" numeric,
	"cost_none" boolean DEFAULT false NOT NULL,
	CONSTRAINT "plan_rules_plan_id_version_kind_pk" PRIMARY KEY("plan_id","version","kind")
);
--> statement-breakpoint
CREATE TABLE "subctl"."plan_stripe_prices" (
	"stripe_price_id" text PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"interval" text NOT NULL,
	"currency" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subctl"."plan_versions" (
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"trial_days" integer DEFAULT 0 NOT NULL,
	"grace_days" integer DEFAULT 7 NOT NULL,
	"net_days" integer DEFAULT 14 NOT NULL,
	"auto_renew" boolean DEFAULT true NOT NULL,
	"credits" numeric,
	"credits_unlimited" boolean DEFAULT false NOT NULL,
	"credits_every" text,
	"rollover_max" numeric,
	"allowed_models" text[],
	"max_users" integer,
	"usage_on_change" text DEFAULT 'reset' NOT NULL,
	"proration_meter" text,
	"alert_thresholds" numeric[] DEFAULT '{"80","90","100"}' NOT NULL,
	"extra" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"change_id" text,
	"estimate_paid" numeric,
	"estimate_free" numeric,
	"features" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"per_seat" boolean DEFAULT false NOT NULL,
	CONSTRAINT "plan_versions_plan_id_version_pk" PRIMARY KEY("plan_id","version"),
	CONSTRAINT "plan_versions_version_check" CHECK (version > 0),
	CONSTRAINT "plan_versions_days_check" CHECK (trial_days >= 0 and grace_days >= 0 and net_days >= 0),
	CONSTRAINT "plan_versions_credits_check" CHECK (credits >= 0 and not (credits_unlimited and credits is not null)),
	CONSTRAINT "plan_versions_credits_every_check" CHECK (credits_every ~ '^[1-9][0-9]{0,3}(d|w|mo|y)$'),
	CONSTRAINT "plan_versions_estimate_check" CHECK (estimate_paid >= 0 and estimate_free >= 0),
	CONSTRAINT "plan_versions_features_check" CHECK (jsonb_typeof(features) = 'object'),
	CONSTRAINT "plan_versions_rollover_check" CHECK (rollover_max >= 0),
	CONSTRAINT "plan_versions_max_users_check" CHECK (max_users >= 0),
	CONSTRAINT "plan_versions_usage_on_change_check" CHECK (usage_on_change in ('reset', 'carry'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."plans" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"rank" integer,
	"active" boolean DEFAULT true NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"fallback" text DEFAULT 'default' NOT NULL,
	"fallback_plan_id" text,
	"current_version" integer NOT NULL,
	"catalogue" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "plans_id_check" CHECK (id ~ '^[a-z0-9][a-z0-9_-]*$'),
	CONSTRAINT "plans_length_check" CHECK (length(id) <= 200 and length(name) <= 500 and length(description) <= 2000),
	CONSTRAINT "plans_fallback_check" CHECK (fallback in ('plan', 'default', 'none')),
	CONSTRAINT "plans_fallback_plan_check" CHECK ((fallback = 'plan') = (fallback_plan_id is not null)),
	CONSTRAINT "plans_default_active_check" CHECK (active or not is_default)
);
--> statement-breakpoint
CREATE TABLE "subctl"."price_cards" (
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"comps" text[] NOT NULL,
	"amounts" numeric[] NOT NULL,
	"pers" numeric[] NOT NULL,
	"tiers" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "price_cards_provider_model_effective_from_pk" PRIMARY KEY("provider","model","effective_from")
);
--> statement-breakpoint
CREATE TABLE "subctl"."price_fallbacks" (
	"provider" text NOT NULL,
	"position" integer NOT NULL,
	"fallback" text NOT NULL,
	CONSTRAINT "price_fallbacks_provider_position_pk" PRIMARY KEY("provider","position")
);
--> statement-breakpoint
CREATE TABLE "subctl"."prices" (
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"component" text NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"unit" text NOT NULL,
	"amount" numeric NOT NULL,
	"per" numeric DEFAULT '1' NOT NULL,
	"tiers" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"source" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"change_id" text,
	CONSTRAINT "prices_provider_model_component_effective_from_revision_pk" PRIMARY KEY("provider","model","component","effective_from","revision"),
	CONSTRAINT "prices_amount_check" CHECK (amount >= 0 and per > 0)
);
--> statement-breakpoint
CREATE TABLE "subctl"."provider_keys" (
	"name" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"sealed" jsonb NOT NULL,
	"master_key" text NOT NULL,
	"ending" text NOT NULL,
	"base_url" text,
	"created_at" timestamp with time zone NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"tested_at" timestamp with time zone,
	"test_result" text,
	"test_status" integer,
	"change_id" text,
	CONSTRAINT "provider_keys_name_check" CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,63}$'),
	CONSTRAINT "provider_keys_ending_check" CHECK (length(ending) <= 4),
	CONSTRAINT "provider_keys_sealed_check" CHECK (sealed ?& array['protected', 'encrypted_key', 'iv', 'ciphertext', 'tag'] and not sealed ? 'aad'),
	CONSTRAINT "provider_keys_result_check" CHECK (test_result in ('ok', 'rejected', 'forbidden', 'rate_limited', 'provider_error', 'unreachable', 'unexpected'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."disputes" (
	"customer_id" varchar(200) NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"provider_id" text,
	"amount" numeric NOT NULL,
	"currency" text NOT NULL,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "disputes_customer_id_id_pk" PRIMARY KEY("customer_id","id"),
	CONSTRAINT "disputes_kind_check" CHECK (kind in ('dispute', 'warning'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"payload" jsonb NOT NULL,
	"status" text DEFAULT 'received' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"processed_at" timestamp with time zone,
	"live" boolean DEFAULT false NOT NULL,
	"customer_id" text,
	"note" text,
	"next_try_at" timestamp with time zone,
	CONSTRAINT "stripe_events_status_check" CHECK (status in ('received', 'processed', 'ignored', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."stripe_mirrors" (
	"customer_id" varchar(200) NOT NULL,
	"count" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"compared_at" timestamp with time zone,
	"method_id" text,
	"method_brand" text,
	"method_last4" text,
	"method_expires_at" timestamp with time zone,
	"deleted_id" text,
	CONSTRAINT "stripe_mirrors_customer_id_pk" PRIMARY KEY("customer_id")
);
--> statement-breakpoint
CREATE TABLE "subctl"."stripe_overages" (
	"customer_id" varchar(200) NOT NULL,
	"source_key" text NOT NULL,
	"way" text NOT NULL,
	"description" text NOT NULL,
	"meter_id" text NOT NULL,
	"units" numeric NOT NULL,
	"amount" numeric NOT NULL,
	"currency" text NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"window_end" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"told_at" timestamp with time zone,
	"stripe_id" text,
	"change_id" text,
	"failed_at" timestamp with time zone,
	"error" text,
	CONSTRAINT "stripe_overages_customer_id_source_key_pk" PRIMARY KEY("customer_id","source_key"),
	CONSTRAINT "stripe_overages_way_check" CHECK (way in ('invoice-items', 'meter-events'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."renewals" (
	"customer_id" varchar(200) NOT NULL,
	"subscription_id" uuid NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"period_end" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"collection" text NOT NULL,
	"amount" numeric,
	"currency" text,
	"invoice_id" uuid,
	"next_try_at" timestamp with time zone,
	"change_id" text,
	CONSTRAINT "renewals_customer_id_subscription_id_period_start_attempt_pk" PRIMARY KEY("customer_id","subscription_id","period_start","attempt"),
	CONSTRAINT "renewals_outcome_check" CHECK (outcome in ('renewed', 'invoiced', 'paid', 'declined', 'pending', 'skipped')),
	CONSTRAINT "renewals_attempt_check" CHECK (attempt > 0),
	CONSTRAINT "renewals_period_check" CHECK (period_start < period_end)
);
--> statement-breakpoint
CREATE TABLE "subctl"."status_moves" (
	"from_status" text NOT NULL,
	"to_status" text NOT NULL,
	CONSTRAINT "status_moves_from_status_to_status_pk" PRIMARY KEY("from_status","to_status")
);
--> statement-breakpoint
CREATE TABLE "subctl"."subscription_counts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "subctl"."subscription_counts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"plan_id" text NOT NULL,
	"subscriptions" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subctl"."subscription_phases" (
	"customer_id" varchar(200) NOT NULL,
	"subscription_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"previous_status" text NOT NULL,
	"status" text NOT NULL,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"every" text NOT NULL,
	"anchor" timestamp with time zone NOT NULL,
	"anchor_timezone" text NOT NULL,
	"period_start" timestamp with time zone,
	"period_end" timestamp with time zone,
	"clock_stops" boolean DEFAULT false NOT NULL,
	"cause" text NOT NULL,
	"reason" text,
	"snapshot" jsonb,
	"written_at" timestamp with time zone NOT NULL,
	"change_id" text,
	"pause_clock" text,
	CONSTRAINT "subscription_phases_customer_id_subscription_id_from_at_pk" PRIMARY KEY("customer_id","subscription_id","from_at"),
	CONSTRAINT "subscription_phases_anchor_timezone_check" CHECK (anchor_timezone ~ '^(UTC|[A-Za-z]+(/[A-Za-z_-]+)+)$' and ('2000-01-01'::timestamp at time zone anchor_timezone) is not null)
);
--> statement-breakpoint
CREATE TABLE "subctl"."subscriptions" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"status" text NOT NULL,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"every" text NOT NULL,
	"currency" text,
	"price" numeric,
	"quantity" integer DEFAULT 1 NOT NULL,
	"collection" text NOT NULL,
	"anchor" timestamp with time zone NOT NULL,
	"anchor_timezone" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"current_period_start" timestamp with time zone NOT NULL,
	"current_period_end" timestamp with time zone NOT NULL,
	"trial_end" timestamp with time zone,
	"auto_renew" boolean NOT NULL,
	"cancel_at_period_end" boolean DEFAULT false NOT NULL,
	"canceled_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"past_due_since" timestamp with time zone,
	"grace_until" timestamp with time zone,
	"paused_at" timestamp with time zone,
	"resumes_at" timestamp with time zone,
	"pause_clock" text,
	"complimentary_periods" integer DEFAULT 0 NOT NULL,
	"pending_plan_id" text,
	"pending_version" integer,
	"pending_every" text,
	"pending_price" numeric,
	"usage_reset_at" timestamp with time zone NOT NULL,
	"epoch" integer DEFAULT 1 NOT NULL,
	"stripe_subscription_id" text,
	"stripe_item_id" text,
	"assigned_by" text NOT NULL,
	"note" text,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"change_id" text,
	"pending_quantity" integer,
	"ends_at" timestamp with time zone,
	"suspended_at" timestamp with time zone,
	"pending_collection" text,
	"pending_currency" text,
	"pending_at" timestamp with time zone,
	"cut_from" timestamp with time zone,
	CONSTRAINT "subscriptions_customer_id_id_pk" PRIMARY KEY("customer_id","id"),
	CONSTRAINT "subscriptions_status_check" CHECK (status in ('trialing', 'active', 'past_due', 'paused', 'canceled', 'expired')),
	CONSTRAINT "subscriptions_every_check" CHECK (every ~ '^[1-9][0-9]{0,3}(d|w|mo|y)$'),
	CONSTRAINT "subscriptions_price_check" CHECK (price >= 0 and pending_price >= 0),
	CONSTRAINT "subscriptions_quantity_check" CHECK (quantity > 0 and pending_quantity > 0),
	CONSTRAINT "subscriptions_collection_check" CHECK (collection in ('free', 'complimentary', 'invoice', 'charge', 'stripe')),
	CONSTRAINT "subscriptions_money_check" CHECK (collection in ('free', 'complimentary') or (price is not null and currency is not null)),
	CONSTRAINT "subscriptions_period_check" CHECK (current_period_start < current_period_end),
	CONSTRAINT "subscriptions_ends_check" CHECK (current_period_end <= ends_at),
	CONSTRAINT "subscriptions_ended_check" CHECK ((status in ('canceled', 'expired')) = (ended_at is not null)),
	CONSTRAINT "subscriptions_trial_check" CHECK (status <> 'trialing' or trial_end is not null),
	CONSTRAINT "subscriptions_past_due_check" CHECK (status <> 'past_due' or (past_due_since is not null and grace_until is not null)),
	CONSTRAINT "subscriptions_paused_check" CHECK ((status = 'paused') = (paused_at is not null)),
	CONSTRAINT "subscriptions_clock_check" CHECK (pause_clock in ('stops', 'runs')),
	CONSTRAINT "subscriptions_resumes_check" CHECK (resumes_at > paused_at),
	CONSTRAINT "subscriptions_complimentary_check" CHECK (complimentary_periods >= 0),
	CONSTRAINT "subscriptions_pending_check" CHECK ((pending_plan_id is null) = (pending_version is null)),
	CONSTRAINT "subscriptions_anchor_timezone_check" CHECK (anchor_timezone ~ '^(UTC|[A-Za-z]+(/[A-Za-z_-]+)+)$' and ('2000-01-01'::timestamp at time zone anchor_timezone) is not null)
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_resets" (
	"customer_id" varchar(200) NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"subscription_id" uuid,
	"cause" text NOT NULL,
	"reason" text,
	"written_at" timestamp with time zone NOT NULL,
	"change_id" text,
	CONSTRAINT "usage_resets_customer_id_at_pk" PRIMARY KEY("customer_id","at")
);
--> statement-breakpoint
CREATE TABLE "subctl"."daemons" (
	"id" text PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"program" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"stop_requested" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subctl"."job_runs" (
	"task" text NOT NULL,
	"scheduled_for" timestamp with time zone NOT NULL,
	"sequence" integer NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	"trigger" text NOT NULL,
	"actor" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"token" bigint NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"outcome" text DEFAULT 'running' NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"skipped" integer DEFAULT 0 NOT NULL,
	"parked" integer DEFAULT 0 NOT NULL,
	"late" boolean DEFAULT false NOT NULL,
	"error" text,
	"note" text,
	"asked" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"change_id" text,
	"late_by" integer,
	CONSTRAINT "job_runs_task_scheduled_for_sequence_pk" PRIMARY KEY("task","scheduled_for","sequence"),
	CONSTRAINT "job_runs_outcome_check" CHECK (outcome in ('running', 'done', 'incomplete', 'failed', 'interrupted', 'lost'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."jobs" (
	"task" text PRIMARY KEY NOT NULL,
	"cron" text NOT NULL,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"catch_up" text DEFAULT 'latest' NOT NULL,
	"next_due" timestamp with time zone,
	"stop_requested" boolean DEFAULT false NOT NULL,
	"lease_owner" text,
	"lease_token" bigint DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"leased_for" timestamp with time zone,
	"last_finished_at" timestamp with time zone,
	"last_success_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"switched_off" boolean DEFAULT false NOT NULL,
	"grace" integer,
	CONSTRAINT "jobs_catch_up_check" CHECK (catch_up in ('latest', 'none', 'all'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."parked" (
	"task" text NOT NULL,
	"customer_id" text NOT NULL,
	"id" text NOT NULL,
	"reason" text NOT NULL,
	"attempts" integer DEFAULT 1 NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"last_error" text NOT NULL,
	"next_try_at" timestamp with time zone,
	"payload" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "parked_task_customer_id_id_pk" PRIMARY KEY("task","customer_id","id")
);
--> statement-breakpoint
CREATE TABLE "subctl"."api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"ending" text NOT NULL,
	"scopes" text[] NOT NULL,
	"only_customer" text,
	"only_prefix" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"change_id" text,
	"role" text,
	CONSTRAINT "api_tokens_name_check" CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
	CONSTRAINT "api_tokens_scopes_check" CHECK (cardinality(scopes) > 0),
	CONSTRAINT "api_tokens_role_check" CHECK (role in ('superadmin', 'admin', 'reader', 'personal', 'app')),
	CONSTRAINT "api_tokens_only_check" CHECK (only_customer is null or only_prefix is null)
);
--> statement-breakpoint
CREATE TABLE "subctl"."bound_accounts" (
	"account" text PRIMARY KEY NOT NULL,
	"only_customer" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"change_id" text
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_active_customers" (
	"starts_at" timestamp with time zone PRIMARY KEY NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"customers" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_day_sums" (
	"month" date NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"provider" text,
	"model" text,
	"plan_id" text,
	"uses" integer NOT NULL,
	"tokens" numeric,
	"cost" numeric,
	"unpriced" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_late_marks" (
	"month" date NOT NULL,
	"transaction" bigint NOT NULL,
	CONSTRAINT "usage_late_marks_month_transaction_pk" PRIMARY KEY("month","transaction")
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_sums" (
	"month" date PRIMARY KEY NOT NULL,
	"timezone" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "subctl"."customer_priced_rules" (
	"customer_id" varchar(200) NOT NULL,
	"kind" text NOT NULL,
	"generation" integer NOT NULL,
	"catalog" bigint NOT NULL,
	"live_from" timestamp with time zone NOT NULL,
	"live_until" timestamp with time zone NOT NULL,
	"canonical" text NOT NULL,
	"slots" integer[] NOT NULL,
	"fields" integer[],
	"stops" numeric[] NOT NULL,
	"heads" text[] NOT NULL,
	"windows" numeric[] NOT NULL,
	"subscription_id" uuid,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"opening" text NOT NULL,
	"credit_cost" numeric,
	"grant_id" uuid,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"has_tokens" boolean NOT NULL,
	"used_provider" text,
	"tier" text NOT NULL,
	"rates" numeric[],
	"price_from" timestamp with time zone,
	"price_provider" text,
	"meters" text[] NOT NULL,
	"spans" integer[],
	"marked" text[],
	CONSTRAINT "customer_priced_rules_customer_id_kind_provider_model_pk" PRIMARY KEY("customer_id","kind","provider","model")
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "subctl"."customer_rules" (
	"customer_id" varchar(200) NOT NULL,
	"kind" text NOT NULL,
	"generation" integer NOT NULL,
	"catalog" bigint NOT NULL,
	"live_from" timestamp with time zone NOT NULL,
	"live_until" timestamp with time zone NOT NULL,
	"canonical" text NOT NULL,
	"slots" integer[] NOT NULL,
	"fields" integer[],
	"stops" numeric[] NOT NULL,
	"heads" text[] NOT NULL,
	"windows" numeric[] NOT NULL,
	"subscription_id" uuid,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"opening" text NOT NULL,
	"credit_cost" numeric,
	"grant_id" uuid,
	"spans" integer[],
	"marked" text[],
	CONSTRAINT "customer_rules_customer_id_kind_pk" PRIMARY KEY("customer_id","kind")
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "subctl"."first_use_rules" (
	"kind" text NOT NULL,
	"catalog" bigint NOT NULL,
	"live_from" timestamp with time zone NOT NULL,
	"live_until" timestamp with time zone NOT NULL,
	"canonical" text NOT NULL,
	"slots" integer[] NOT NULL,
	"fields" integer[],
	"stops" numeric[] NOT NULL,
	"heads" text[] NOT NULL,
	"windows" numeric[] NOT NULL,
	"subscription_id" uuid,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"opening" text NOT NULL,
	"spans" integer[],
	"marked" text[],
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"has_tokens" boolean NOT NULL,
	"used_provider" text,
	"tier" text NOT NULL,
	"meters" text[] NOT NULL,
	"rates" numeric[],
	"price_from" timestamp with time zone,
	"price_provider" text,
	"timezone" text NOT NULL,
	"is_plain" boolean NOT NULL,
	"ids" integer[] NOT NULL,
	"starts" timestamp with time zone[] NOT NULL,
	"ends" timestamp with time zone[] NOT NULL,
	"rolled" numeric[],
	CONSTRAINT "first_use_rules_timezone_kind_provider_model_is_plain_has_tokens_pk" PRIMARY KEY("timezone","kind","provider","model","is_plain","has_tokens")
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "subctl"."rule_templates" (
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"has_tokens" boolean NOT NULL,
	"used_provider" text,
	"tier" text NOT NULL,
	"meters" text[] NOT NULL,
	"rates" numeric[],
	"price_from" timestamp with time zone,
	"price_provider" text,
	"is_plain" boolean NOT NULL,
	"catalog" bigint NOT NULL,
	"canonical" text NOT NULL,
	"ids" integer[] NOT NULL,
	"names" text[] NOT NULL,
	"window_kinds" text[] NOT NULL,
	"window_counts" integer[] NOT NULL,
	"restarts" boolean[] NOT NULL,
	"fields" integer[] NOT NULL,
	"limits" numeric[] NOT NULL,
	"stops" numeric[] NOT NULL,
	"heads" text[] NOT NULL,
	"thresholds" numeric[] NOT NULL,
	"opening" text NOT NULL,
	"credit_cost" numeric,
	"priced_from" timestamp with time zone,
	"priced_until" timestamp with time zone,
	CONSTRAINT "rule_templates_plan_id_version_kind_provider_model_is_plain_has_tokens_pk" PRIMARY KEY("plan_id","version","kind","provider","model","is_plain","has_tokens")
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_totals" (
	"customer_id" varchar(200) PRIMARY KEY NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"used" numeric[] DEFAULT '{}' NOT NULL,
	"held_until" timestamp with time zone,
	"rolled" numeric[]
);
--> statement-breakpoint
CREATE TABLE "subctl"."alerts" (
	"customer_id" varchar(200) NOT NULL,
	"meter_id" text NOT NULL,
	"window" text NOT NULL,
	"scope" text DEFAULT 'customer' NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"threshold" numeric NOT NULL,
	"limit_value" numeric NOT NULL,
	"used" numeric NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"event_id" uuid,
	"read_at" timestamp with time zone,
	CONSTRAINT "alerts_customer_id_meter_id_window_scope_subject_window_start_threshold_limit_value_pk" PRIMARY KEY("customer_id","meter_id","window","scope","subject","window_start","threshold","limit_value")
);
--> statement-breakpoint
CREATE TABLE "subctl"."reservations" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"asked" jsonb NOT NULL,
	"held" jsonb NOT NULL,
	"status" text DEFAULT 'held' NOT NULL,
	"ended_at" timestamp with time zone,
	"event_id" uuid,
	"key" text,
	"answer" jsonb,
	"settled" jsonb,
	CONSTRAINT "reservations_customer_id_id_pk" PRIMARY KEY("customer_id","id")
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_adjustments" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"meter_id" text NOT NULL,
	"window" text NOT NULL,
	"scope" text NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"event_id" uuid,
	"event_at" timestamp with time zone NOT NULL,
	"amount" numeric NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "usage_adjustments_customer_id_id_pk" PRIMARY KEY("customer_id","id")
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_counters" (
	"customer_id" varchar(200) NOT NULL,
	"meter_id" text NOT NULL,
	"window" text NOT NULL,
	"scope" text NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"window_end" timestamp with time zone NOT NULL,
	"used" numeric DEFAULT '0' NOT NULL,
	"refused" numeric DEFAULT '0' NOT NULL,
	"limit_value" numeric,
	"closed_at" timestamp with time zone,
	"change_id" text,
	CONSTRAINT "usage_counters_customer_id_meter_id_window_scope_subject_window_start_pk" PRIMARY KEY("customer_id","meter_id","window","scope","subject","window_start"),
	CONSTRAINT "usage_counters_used_check" CHECK (used >= 0 and refused >= 0),
	CONSTRAINT "usage_counters_bounds_check" CHECK (window_start < window_end)
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_events" (
	"customer_id" varchar(200) NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"id" uuid NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"quantity" numeric NOT NULL,
	"provider" text,
	"model" text,
	"tier" text NOT NULL,
	"input_tokens" numeric,
	"output_tokens" numeric,
	"cached_tokens" numeric,
	"tokens" numeric,
	"units" jsonb,
	"estimated" boolean DEFAULT false NOT NULL,
	"cost" numeric,
	"unpriced" boolean DEFAULT false NOT NULL,
	"price_from" timestamp with time zone,
	"credits" numeric,
	"member_id" text,
	"session_id" text,
	"status" text,
	"latency_ms" integer,
	"endpoint" text,
	"already_spent" boolean DEFAULT false NOT NULL,
	"subscription_id" uuid,
	"plan_id" text,
	"version" integer,
	"metadata" jsonb,
	"result" numeric[],
	"reverses" uuid,
	"held" numeric[],
	"price_provider" text,
	CONSTRAINT "usage_events_customer_id_at_id_pk" PRIMARY KEY("customer_id","at","id")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "subctl"."usage_imports" (
	"beginning" text PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_keys" (
	"customer_id" varchar(200) NOT NULL,
	"key" text NOT NULL,
	"event_at" timestamp with time zone NOT NULL,
	"event_id" uuid NOT NULL,
	"content" uuid NOT NULL,
	CONSTRAINT "usage_keys_customer_id_key_pk" PRIMARY KEY("customer_id","key")
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_rolling_totals" (
	"customer_id" varchar(200) NOT NULL,
	"meter_id" text NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"cum" numeric NOT NULL,
	CONSTRAINT "usage_rolling_totals_customer_id_meter_id_subject_at_pk" PRIMARY KEY("customer_id","meter_id","subject","at")
);
--> statement-breakpoint
CREATE TABLE "subctl"."customer_windows" (
	"customer_id" varchar(200) PRIMARY KEY NOT NULL,
	"subscription_id" uuid,
	"epoch" integer DEFAULT 0 NOT NULL,
	"ids" integer[] DEFAULT '{}' NOT NULL,
	"starts" timestamp with time zone[] DEFAULT '{}' NOT NULL,
	"ends" timestamp with time zone[] DEFAULT '{}' NOT NULL,
	"refused" numeric[] DEFAULT '{}' NOT NULL,
	"credits_due_at" timestamp with time zone,
	"next_end" timestamp with time zone,
	"plan_id" text,
	"version" integer,
	"uncounted_until" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "subctl"."meter_windows" ADD CONSTRAINT "meter_windows_meter_fk" FOREIGN KEY ("meter_id") REFERENCES "subctl"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."credit_grants" ADD CONSTRAINT "credit_grants_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."members" ADD CONSTRAINT "members_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."notification_preferences" ADD CONSTRAINT "notification_preferences_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."invitations" ADD CONSTRAINT "invitations_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."discount_redemptions" ADD CONSTRAINT "discount_redemptions_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."discount_redemptions" ADD CONSTRAINT "discount_redemptions_code_fk" FOREIGN KEY ("code") REFERENCES "subctl"."discounts"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_fk" FOREIGN KEY ("customer_id","invoice_id") REFERENCES "subctl"."invoices"("customer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."invoices" ADD CONSTRAINT "invoices_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."invoices" ADD CONSTRAINT "invoices_plan_fk" FOREIGN KEY ("plan_id") REFERENCES "subctl"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."payments" ADD CONSTRAINT "payments_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."payments" ADD CONSTRAINT "payments_invoice_fk" FOREIGN KEY ("customer_id","invoice_id") REFERENCES "subctl"."invoices"("customer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."refunds" ADD CONSTRAINT "refunds_payment_fk" FOREIGN KEY ("customer_id","payment_id") REFERENCES "subctl"."payments"("customer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."limit_overrides" ADD CONSTRAINT "limit_overrides_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."limit_overrides" ADD CONSTRAINT "limit_overrides_meter_fk" FOREIGN KEY ("meter_id") REFERENCES "subctl"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."plan_limits" ADD CONSTRAINT "plan_limits_version_fk" FOREIGN KEY ("plan_id","version") REFERENCES "subctl"."plan_versions"("plan_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."plan_limits" ADD CONSTRAINT "plan_limits_meter_fk" FOREIGN KEY ("meter_id") REFERENCES "subctl"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."plan_prices" ADD CONSTRAINT "plan_prices_version_fk" FOREIGN KEY ("plan_id","version") REFERENCES "subctl"."plan_versions"("plan_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."plan_rules" ADD CONSTRAINT "plan_rules_version_fk" FOREIGN KEY ("plan_id","version") REFERENCES "subctl"."plan_versions"("plan_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."plan_stripe_prices" ADD CONSTRAINT "plan_stripe_prices_version_fk" FOREIGN KEY ("plan_id","version") REFERENCES "subctl"."plan_versions"("plan_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."plan_versions" ADD CONSTRAINT "plan_versions_plan_fk" FOREIGN KEY ("plan_id") REFERENCES "subctl"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."disputes" ADD CONSTRAINT "disputes_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_mirrors" ADD CONSTRAINT "stripe_mirrors_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_overages" ADD CONSTRAINT "stripe_overages_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."subscription_phases" ADD CONSTRAINT "subscription_phases_move_fk" FOREIGN KEY ("previous_status","status") REFERENCES "subctl"."status_moves"("from_status","to_status") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."subscription_phases" ADD CONSTRAINT "subscription_phases_version_fk" FOREIGN KEY ("plan_id","version") REFERENCES "subctl"."plan_versions"("plan_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD CONSTRAINT "subscriptions_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD CONSTRAINT "subscriptions_version_fk" FOREIGN KEY ("plan_id","version") REFERENCES "subctl"."plan_versions"("plan_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "credit_entries_at_idx" ON "subctl"."credit_entries" USING btree ("customer_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_grants_source_key" ON "subctl"."credit_grants" USING btree ("customer_id","source_key");--> statement-breakpoint
CREATE INDEX "credit_grants_due_idx" ON "subctl"."credit_grants" USING btree ("expires_at","customer_id") WHERE expired_at is null;--> statement-breakpoint
CREATE INDEX "audit_log_change_idx" ON "subctl"."audit_log" USING btree ("change_id");--> statement-breakpoint
CREATE INDEX "changes_at_idx" ON "subctl"."changes" USING btree ("at");--> statement-breakpoint
CREATE INDEX "customers_made_by_idx" ON "subctl"."customers" USING brin ("made_by");--> statement-breakpoint
CREATE INDEX "customers_stripe_idx" ON "subctl"."customers" USING btree ("stripe_customer_id") WHERE stripe_customer_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_dedupe_key" ON "subctl"."notifications" USING btree ("customer_id","dedupe_key");--> statement-breakpoint
CREATE INDEX "notifications_due_idx" ON "subctl"."notifications" USING btree ("next_try_at") WHERE sent_at is null and dead_at is null;--> statement-breakpoint
CREATE INDEX "invitations_hash_idx" ON "subctl"."invitations" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "invoice_lines_source_key" ON "subctl"."invoice_lines" USING btree ("customer_id","source_key");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_source_key" ON "subctl"."invoices" USING btree ("customer_id","source_key");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_number_key" ON "subctl"."invoices" USING btree ("customer_id","number");--> statement-breakpoint
CREATE INDEX "invoices_number_idx" ON "subctl"."invoices" USING btree ("number");--> statement-breakpoint
CREATE INDEX "invoices_subscription_idx" ON "subctl"."invoices" USING btree ("customer_id","subscription_id","due_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "invoices_collect_idx" ON "subctl"."invoices" USING btree ("collect_at") WHERE collect_at is not null;--> statement-breakpoint
CREATE INDEX "invoices_due_idx" ON "subctl"."invoices" USING btree ("due_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "payments_invoice_idx" ON "subctl"."payments" USING btree ("customer_id","invoice_id");--> statement-breakpoint
CREATE INDEX "payments_reference_idx" ON "subctl"."payments" USING btree ("provider","reference");--> statement-breakpoint
CREATE INDEX "payments_provider_id_idx" ON "subctl"."payments" USING btree ("provider_id");--> statement-breakpoint
CREATE INDEX "payments_ask_idx" ON "subctl"."payments" USING btree ("ask_at") WHERE ask_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "payments_reference_key" ON "subctl"."payments" USING btree ("customer_id","provider","reference");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_reference_key" ON "subctl"."refunds" USING btree ("customer_id","provider","reference");--> statement-breakpoint
CREATE INDEX "refunds_open_idx" ON "subctl"."refunds" USING btree ("at") WHERE status in ('intended', 'pending');--> statement-breakpoint
CREATE UNIQUE INDEX "plans_one_default" ON "subctl"."plans" USING btree ("is_default") WHERE is_default;--> statement-breakpoint
CREATE INDEX "stripe_events_open_idx" ON "subctl"."stripe_events" USING btree ("received_at") WHERE status in ('received', 'failed');--> statement-breakpoint
CREATE INDEX "stripe_overages_untold_idx" ON "subctl"."stripe_overages" USING btree ("at") WHERE told_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_one_live" ON "subctl"."subscriptions" USING btree ("customer_id") WHERE status in ('trialing', 'active', 'past_due', 'paused');--> statement-breakpoint
CREATE INDEX "subscriptions_due_idx" ON "subctl"."subscriptions" USING btree ("current_period_end","customer_id") WHERE status in ('trialing', 'active');--> statement-breakpoint
CREATE INDEX "subscriptions_resumes_idx" ON "subctl"."subscriptions" USING btree ("resumes_at") WHERE status = 'paused';--> statement-breakpoint
CREATE INDEX "subscriptions_grace_idx" ON "subctl"."subscriptions" USING btree ("grace_until") WHERE status = 'past_due';--> statement-breakpoint
CREATE INDEX "subscriptions_plan_idx" ON "subctl"."subscriptions" USING btree ("plan_id","version");--> statement-breakpoint
CREATE INDEX "job_runs_started_idx" ON "subctl"."job_runs" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "parked_due_idx" ON "subctl"."parked" USING btree ("next_try_at");--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_hash" ON "subctl"."api_tokens" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_name" ON "subctl"."api_tokens" USING btree ("name") WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX "usage_day_sums_day_idx" ON "subctl"."usage_day_sums" USING btree ("starts_at");--> statement-breakpoint
CREATE INDEX "alerts_at_idx" ON "subctl"."alerts" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "reservations_key" ON "subctl"."reservations" USING btree ("customer_id","key");--> statement-breakpoint
CREATE INDEX "reservations_held_idx" ON "subctl"."reservations" USING btree ("customer_id") WHERE status = 'held';--> statement-breakpoint
CREATE INDEX "reservations_due_idx" ON "subctl"."reservations" USING btree ("expires_at") WHERE status = 'held';--> statement-breakpoint
CREATE INDEX "usage_counters_open_idx" ON "subctl"."usage_counters" USING btree ("window_end") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "usage_events_member_idx" ON "subctl"."usage_events" USING btree ("customer_id","member_id","at") WHERE member_id is not null;--> statement-breakpoint
CREATE INDEX "usage_events_session_idx" ON "subctl"."usage_events" USING btree ("customer_id","session_id") WHERE session_id is not null;--> statement-breakpoint
CREATE INDEX "customer_windows_next_end_idx" ON "subctl"."customer_windows" USING btree ("next_end","customer_id");--> statement-breakpoint
-- drizzle-kit knows nothing of what follows: partitions, storage, rights, composite types and first rows.
CREATE TABLE "subctl"."usage_events_default" PARTITION OF "subctl"."usage_events" DEFAULT;--> statement-breakpoint
ALTER TABLE "subctl"."credit_grants" SET (fillfactor = 80);--> statement-breakpoint
ALTER TABLE "subctl"."customer_priced_rules" SET (fillfactor = 90);--> statement-breakpoint
ALTER TABLE "subctl"."customer_rules" SET (fillfactor = 90);--> statement-breakpoint
ALTER TABLE "subctl"."usage_counters" SET (fillfactor = 80);--> statement-breakpoint
ALTER TABLE "subctl"."customer_windows" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "subctl"."usage_totals" SET (fillfactor = 70);--> statement-breakpoint
-- what is written of the past stays: the owner too would have to give itself the right first
REVOKE UPDATE, DELETE, TRUNCATE ON "subctl"."changes", "subctl"."audit_log", "subctl"."credit_entries" FROM PUBLIC, CURRENT_USER;--> statement-breakpoint
-- What a decision on a use works with (decide_usage): the request, where the customer stands, how
-- much it is, what it comes to in each limit, and the verdict. Steps take and return these.
CREATE TYPE "subctl"."usage_mode" AS ENUM ('record', 'record_locked', 'reserve', 'check', 'check_all');--> statement-breakpoint
CREATE TYPE "subctl"."usage_request" AS (
	"mode" "subctl"."usage_mode",
	"customer" text,
	"kind" text,
	"at" timestamp with time zone,
	"as_of" timestamp with time zone,
	"quantity" numeric,
	"provider" text,
	"model" text,
	"input_tokens" numeric,
	"output_tokens" numeric,
	"cached_tokens" numeric,
	"units" jsonb,
	"cost" numeric,
	"member" text,
	"session" text,
	"status" text,
	"latency_ms" integer,
	"endpoint" text,
	"key" text,
	"already_spent" boolean,
	"partial" boolean,
	"metadata" jsonb
);--> statement-breakpoint
CREATE TYPE "subctl"."usage_standing" AS (
	"now" timestamp with time zone,
	"at" timestamp with time zone,
	"event_id" uuid,
	"catalog" bigint,
	"is_simple" boolean,
	"is_late" boolean,
	"is_new" boolean,
	"has_overrides" boolean,
	"subscription_id" uuid,
	"plan_id" text,
	"version" integer,
	"anchor" timestamp with time zone,
	"anchor_timezone" text,
	"period_start" timestamp with time zone,
	"period_end" timestamp with time zone,
	"usage_from" timestamp with time zone,
	"epoch" integer,
	"continues_since" timestamp with time zone,
	"turns_at" timestamp with time zone,
	"next_from" timestamp with time zone,
	"next_anchor" timestamp with time zone,
	"next_timezone" text,
	"next_start" timestamp with time zone,
	"next_end" timestamp with time zone,
	"refusal" jsonb
);--> statement-breakpoint
CREATE TYPE "subctl"."usage_measure" AS (
	"kind" text,
	"quantity" numeric,
	"provider" text,
	"tier" text,
	"multiplier" numeric,
	"tokens" numeric,
	"tokens_each" numeric,
	"is_estimated" boolean,
	"cost" numeric,
	"price_from" timestamp with time zone,
	"price_provider" text,
	"missing_price" text,
	"is_unpriced" boolean,
	"is_excluded" boolean
);--> statement-breakpoint
CREATE TYPE "subctl"."usage_amounts" AS (
	"quantity" numeric,
	"tokens" numeric,
	"cost" numeric,
	"input" numeric,
	"output" numeric,
	"units" jsonb
);--> statement-breakpoint
CREATE TYPE "subctl"."usage_count" AS (
	"window_id" integer,
	"meter" text,
	"win" text,
	"win_kind" text,
	"hours" integer,
	"scope" text,
	"subject" text,
	"field" text,
	"is_hard" boolean,
	"restarts" boolean,
	"kept" text,
	"slot" integer,
	"starts" timestamp with time zone,
	"ends" timestamp with time zone,
	"is_closed" boolean,
	"has_later" boolean,
	"limit_value" numeric,
	"used" numeric,
	"refused" numeric,
	"held" numeric,
	"asked" numeric
);--> statement-breakpoint
CREATE TYPE "subctl"."usage_tally" AS (
	"subscription_id" uuid,
	"epoch" integer,
	"plan_id" text,
	"version" integer,
	"uncounted_until" timestamp with time zone,
	"ids" integer[],
	"starts" timestamp with time zone[],
	"ends" timestamp with time zone[],
	"used" numeric[],
	"refused" numeric[],
	"credits_due_at" timestamp with time zone,
	"generation" integer,
	"has_holds" boolean,
	"has_history" boolean,
	"is_stale" boolean,
	"ends_moved" boolean,
	"rules_over" boolean,
	"counts" "subctl"."usage_count"[],
	"is_exceeded" boolean
);--> statement-breakpoint
CREATE TYPE "subctl"."usage_verdict" AS (
	"refusal" jsonb,
	"breach" integer,
	"is_overage" boolean,
	"fits" numeric,
	"asked" numeric,
	"credits" numeric,
	"balance" numeric,
	"held_credits" numeric,
	"alerts" text[]
);--> statement-breakpoint
-- What a batch of uses holds until it is written (record_plain_batch): a plain use as its
-- event and key will be, and what a customer has used by then.
CREATE TYPE "subctl"."plain_use" AS (
	"customer_id" text,
	"at" timestamp with time zone,
	"id" uuid,
	"key" text,
	"content" uuid,
	"kind" text,
	"quantity" numeric,
	"subscription_id" uuid,
	"plan_id" text,
	"version" integer,
	"result" numeric[],
	"provider" text,
	"model" text,
	"tier" text,
	"input_tokens" numeric,
	"output_tokens" numeric,
	"cached_tokens" numeric,
	"tokens" numeric,
	"cost" numeric,
	"price_from" timestamp with time zone,
	"price_provider" text,
	"session_id" text,
	"latency_ms" integer,
	"unpriced" boolean,
	"credits" numeric
);--> statement-breakpoint
CREATE TYPE "subctl"."raised_totals" AS (
	"customer_id" text,
	"used" numeric[],
	"rolled" numeric[]
);--> statement-breakpoint
-- What a customer has at an instant (effective_subscription), and the dates that say it.
CREATE TYPE "subctl"."effective_standing" AS (
	"customer_id" text,
	"subscription_id" uuid,
	"plan_id" text,
	"version" integer,
	"status" text,
	"access" boolean,
	"reason" text,
	"every" text,
	"anchor" timestamp with time zone,
	"anchor_timezone" text,
	"timezone" text,
	"period_start" timestamp with time zone,
	"period_end" timestamp with time zone,
	"usage_from" timestamp with time zone,
	"since" timestamp with time zone,
	"ends_at" timestamp with time zone,
	"auto_renew" boolean,
	"collection" text,
	"epoch" integer,
	"basis" text
);--> statement-breakpoint
CREATE TYPE "subctl"."subscription_dates" AS (
	"status" text,
	"from_at" timestamp with time zone,
	"period_end" timestamp with time zone,
	"renews_at" timestamp with time zone,
	"last_at" timestamp with time zone,
	"grace_until" timestamp with time zone,
	"switches_at" timestamp with time zone,
	"is_taken" boolean,
	"collection" text,
	"next_anchor" timestamp with time zone,
	"unpaid_since" timestamp with time zone,
	"overdue_since" timestamp with time zone,
	"ended_at" timestamp with time zone
);--> statement-breakpoint
-- The kept rules of the customer of each use of a batch (find_batch_rules).
CREATE TYPE "subctl"."batch_rules" AS (
	"place" integer,
	"customer" text,
	"at" timestamp with time zone,
	"is_known" boolean,
	"used" numeric[],
	"slots" integer[],
	"fields" integer[],
	"stops" numeric[],
	"heads" text[],
	"windows" numeric[],
	"opening" text,
	"canonical" text,
	"subscription_id" uuid,
	"plan_id" text,
	"version" integer,
	"provider" text,
	"tier" text,
	"rates" numeric[],
	"price_from" timestamp with time zone,
	"price_provider" text,
	"is_priced" boolean,
	"id" uuid,
	"content" uuid,
	"rolled" numeric[],
	"spans" integer[],
	"marked" text[],
	"credit_cost" numeric,
	"grant_id" uuid
);--> statement-breakpoint
-- What a use in rolling windows comes to (count_rolling): the state and the rules go in, the state
-- after the use, its totals and the texts of its answer come out.
CREATE TYPE "subctl"."rolling_counts" AS (
	"customer" text,
	"used" numeric[],
	"rolled" numeric[],
	"slots" integer[],
	"fields" integer[],
	"spans" integer[],
	"marked" text[],
	"stops" numeric[],
	"heads" text[],
	"windows" numeric[],
	"totals" numeric[],
	"has_pending_marks" boolean
);--> statement-breakpoint
CREATE TYPE "subctl"."rolling_mark" AS (
	"customer_id" text,
	"meter_id" text,
	"at" timestamp with time zone,
	"cum" numeric
);--> statement-breakpoint
-- A page of a task: pages go on by due instant and customer.
CREATE TYPE "subctl"."page_request" AS (
	"as_of" timestamp with time zone,
	"change_id" text,
	"token" bigint,
	"size" integer,
	"aside" text[],
	"charge_missed" text,
	"after_due" timestamp with time zone,
	"after_customer" text
);--> statement-breakpoint
INSERT INTO "subctl"."status_moves" ("from_status", "to_status") VALUES
	('none', 'trialing'), ('none', 'active'), ('none', 'past_due'), ('none', 'paused'),
	('trialing', 'trialing'), ('trialing', 'active'), ('trialing', 'past_due'), ('trialing', 'paused'),
	('trialing', 'canceled'), ('trialing', 'expired'),
	('active', 'trialing'), ('active', 'active'), ('active', 'past_due'), ('active', 'paused'), ('active', 'canceled'),
	('active', 'expired'),
	('past_due', 'trialing'), ('past_due', 'past_due'), ('past_due', 'active'), ('past_due', 'paused'),
	('past_due', 'canceled'), ('past_due', 'expired'),
	('paused', 'paused'), ('paused', 'trialing'), ('paused', 'active'), ('paused', 'past_due'), ('paused', 'canceled'),
	('paused', 'expired');--> statement-breakpoint
INSERT INTO "subctl"."settings" ("key", "value") VALUES
	('cost_currency', '"USD"'), ('timezone', '"UTC"'), ('lateness_days', '35'), ('auto_create', 'false'),
	('allow_email_ids', 'false'), ('members.auto_add', 'false'), ('events_months', '13');--> statement-breakpoint
INSERT INTO "subctl"."catalog_state" ("generation") VALUES (nextval('subctl.catalog_generation'));
