-- Pages of tasks go on by due instant and customer: an index has both, or a page would read again what has the same instant.
DROP INDEX "subctl"."credit_grants_due_idx";--> statement-breakpoint
DROP INDEX "subctl"."subscriptions_due_idx";--> statement-breakpoint
DROP INDEX "subctl"."usage_state_next_end_idx";--> statement-breakpoint
CREATE INDEX "credit_grants_due_idx" ON "subctl"."credit_grants" USING btree ("expires_at","customer_id") WHERE expired_at is null;--> statement-breakpoint
CREATE INDEX "subscriptions_due_idx" ON "subctl"."subscriptions" USING btree ("current_period_end","customer_id") WHERE status in ('trialing', 'active');--> statement-breakpoint
CREATE INDEX "usage_state_next_end_idx" ON "subctl"."usage_state" USING btree ("next_end","customer_id");--> statement-breakpoint
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
DROP TRIGGER IF EXISTS "end_customer_rules" ON "subctl"."subscriptions";--> statement-breakpoint
DROP TRIGGER IF EXISTS "end_customer_rules_on_change" ON "subctl"."subscriptions";
