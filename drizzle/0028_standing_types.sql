-- What a customer has at an instant (drizzle/functions/effective_subscription.sql), and the dates that say it.
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
);
