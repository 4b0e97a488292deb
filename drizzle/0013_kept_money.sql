ALTER TABLE "subctl"."invoices" ADD COLUMN "balance" numeric DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "subctl"."invoices" ADD COLUMN "credit_notes" numeric DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "subctl"."invoices" ADD COLUMN "out_of_band" numeric DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "subctl"."disputes" ADD COLUMN "closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_mirrors" ADD COLUMN "deleted_id" text;