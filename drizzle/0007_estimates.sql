ALTER TABLE "subctl"."plan_rules" ADD COLUMN "estimate_paid" numeric;--> statement-breakpoint
ALTER TABLE "subctl"."plan_rules" ADD COLUMN "estimate_free" numeric;--> statement-breakpoint
ALTER TABLE "subctl"."plan_versions" ADD COLUMN "estimate_paid" numeric;--> statement-breakpoint
ALTER TABLE "subctl"."plan_versions" ADD COLUMN "estimate_free" numeric;--> statement-breakpoint
ALTER TABLE "subctl"."plan_versions" ADD CONSTRAINT "plan_versions_estimate_check" CHECK (estimate_paid >= 0 and estimate_free >= 0);