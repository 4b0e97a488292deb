-- Rolling windows follow kept rules, too: what is in them stands beside a customer's totals.
TRUNCATE "subctl"."customer_rules", "subctl"."customer_priced_rules";--> statement-breakpoint
ALTER TABLE "subctl"."customer_priced_rules" ADD COLUMN "spans" integer[];--> statement-breakpoint
ALTER TABLE "subctl"."customer_priced_rules" ADD COLUMN "marked" text[];--> statement-breakpoint
ALTER TABLE "subctl"."customer_rules" ADD COLUMN "spans" integer[];--> statement-breakpoint
ALTER TABLE "subctl"."customer_rules" ADD COLUMN "marked" text[];--> statement-breakpoint
ALTER TABLE "subctl"."usage_totals" ADD COLUMN "rolled" numeric[];--> statement-breakpoint
-- What a use that follows rules with rolling windows comes to (drizzle/functions/count_rolling.sql): the state and the
-- rules go in, the state after the use, its totals and the words of its answer come out.
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
	"has_unwritten" boolean
);--> statement-breakpoint
CREATE TYPE "subctl"."rolling_mark" AS (
	"customer_id" text,
	"meter_id" text,
	"at" timestamp with time zone,
	"cum" numeric
);--> statement-breakpoint
ALTER TYPE "subctl"."raised_totals" ADD ATTRIBUTE "rolled" numeric[];--> statement-breakpoint
ALTER TYPE "subctl"."plain_use" ADD ATTRIBUTE "unpriced" boolean;--> statement-breakpoint
ALTER TYPE "subctl"."batch_rules" ADD ATTRIBUTE "rolled" numeric[], ADD ATTRIBUTE "spans" integer[],
  ADD ATTRIBUTE "marked" text[];
