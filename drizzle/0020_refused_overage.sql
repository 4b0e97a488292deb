ALTER TABLE "subctl"."stripe_overages" ADD COLUMN "failed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_overages" ADD COLUMN "error" text;--> statement-breakpoint
DELETE FROM "subctl"."settings" WHERE "key" = 'renewal_slack_hours';
