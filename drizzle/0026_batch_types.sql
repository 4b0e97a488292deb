-- What a batch of uses has at hand until it is written (drizzle/functions/record_plain_batch.sql): a plain use as its
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
	"result" numeric[]
);--> statement-breakpoint
CREATE TYPE "subctl"."raised_totals" AS (
	"customer_id" text,
	"used" numeric[]
);
