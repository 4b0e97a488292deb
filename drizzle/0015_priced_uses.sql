CREATE TABLE "subctl"."price_fallbacks" (
	"provider" text NOT NULL,
	"position" integer NOT NULL,
	"fallback" text NOT NULL,
	CONSTRAINT "price_fallbacks_provider_position_pk" PRIMARY KEY("provider","position")
);
--> statement-breakpoint
ALTER TABLE "subctl"."kinds" ADD COLUMN "cost" text DEFAULT 'priced' NOT NULL;--> statement-breakpoint
ALTER TABLE "subctl"."plan_rules" ADD COLUMN "cost_none" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "subctl"."usage_events" ADD COLUMN "price_provider" text;--> statement-breakpoint
ALTER TABLE "subctl"."kinds" ADD CONSTRAINT "kinds_cost_check" CHECK (cost in ('priced', 'none'));--> statement-breakpoint
-- Uploads cost nothing at a provider, and say so (R26).
UPDATE "subctl"."kinds" SET cost = 'none' WHERE canonical = 'file';--> statement-breakpoint
UPDATE "subctl"."plan_rules" SET cost_none = true WHERE canonical = 'file';--> statement-breakpoint
-- Uses whose provider nobody knew were recorded as if they cost nothing: their money was never known (R26).
UPDATE "subctl"."usage_events" SET unpriced = true
 WHERE cost IS NULL AND NOT unpriced AND provider IS NULL AND reverses IS NULL AND kind <> 'file'
   AND (model IS NOT NULL OR input_tokens IS NOT NULL OR output_tokens IS NOT NULL OR cached_tokens IS NOT NULL OR units <> '{}')
   AND coalesce(lower(status) ~ '^(ok|success|succeeded|completed|[23][0-9][0-9])$', true);
