ALTER TABLE "subctl"."subscriptions" ADD COLUMN "pending_collection" text;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD COLUMN "pending_currency" text;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD COLUMN "pending_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD COLUMN "cut_from" timestamp with time zone;