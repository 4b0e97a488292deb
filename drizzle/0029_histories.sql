ALTER TABLE "subctl"."subscription_segments" DROP CONSTRAINT "subscription_segments_subscription_fk";--> statement-breakpoint
ALTER TABLE "subctl"."usage_resets" DROP CONSTRAINT "usage_resets_customer_fk";--> statement-breakpoint
ALTER TABLE "subctl"."renewals" DROP CONSTRAINT "renewals_subscription_fk";--> statement-breakpoint
ALTER TABLE "subctl"."customer_zones" DROP CONSTRAINT "customer_zones_customer_fk";--> statement-breakpoint
ALTER TABLE "subctl"."credit_entries" DROP CONSTRAINT "credit_entries_grant_fk";
