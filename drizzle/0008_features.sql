ALTER TABLE "subctl"."plan_versions" ADD COLUMN "typed" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
UPDATE "subctl"."plan_versions" SET "typed" = (SELECT coalesce(jsonb_object_agg(f, true), '{}') FROM unnest("features") f) WHERE "features" <> '{}';--> statement-breakpoint
ALTER TABLE "subctl"."plan_versions" DROP COLUMN "features";--> statement-breakpoint
ALTER TABLE "subctl"."plan_versions" RENAME COLUMN "typed" TO "features";--> statement-breakpoint
ALTER TABLE "subctl"."plan_versions" ADD CONSTRAINT "plan_versions_features_check" CHECK (jsonb_typeof(features) = 'object');
