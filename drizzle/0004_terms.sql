ALTER TABLE "subctl"."subscriptions" ADD COLUMN "ends_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."usage_state" ADD COLUMN "plan_id" text;--> statement-breakpoint
ALTER TABLE "subctl"."usage_state" ADD COLUMN "version" integer;--> statement-breakpoint
ALTER TABLE "subctl"."usage_state" ADD COLUMN "strays_until" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "usage_events_member_idx" ON "subctl"."usage_events" USING btree ("customer_id","member_id","at") WHERE member_id is not null;--> statement-breakpoint
CREATE INDEX "usage_events_session_idx" ON "subctl"."usage_events" USING btree ("customer_id","session_id") WHERE session_id is not null;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD CONSTRAINT "subscriptions_ends_check" CHECK (current_period_end <= ends_at);