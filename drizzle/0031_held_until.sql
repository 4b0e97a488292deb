-- Reservations do not end a customer's rules: recording asks the totals, which it locks, until when something is held.
ALTER TABLE "subctl"."usage_totals" ADD COLUMN "held_until" timestamp with time zone;--> statement-breakpoint
UPDATE "subctl"."usage_totals" t SET held_until = s.held_until FROM "subctl"."usage_state" s
 WHERE s.customer_id = t.customer_id AND s.held_until IS NOT NULL;--> statement-breakpoint
ALTER TABLE "subctl"."usage_state" DROP COLUMN "held_until";--> statement-breakpoint
ALTER TABLE "subctl"."reservations" DROP CONSTRAINT "reservations_status_check";--> statement-breakpoint
DROP TRIGGER IF EXISTS "end_customer_rules" ON "subctl"."reservations";--> statement-breakpoint
DROP TRIGGER IF EXISTS "end_customer_rules_on_change" ON "subctl"."reservations";--> statement-breakpoint
TRUNCATE "subctl"."customer_priced_rules";--> statement-breakpoint
ALTER TABLE "subctl"."customer_priced_rules" ADD COLUMN "meters" text[] NOT NULL;
