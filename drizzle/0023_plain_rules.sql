CREATE SEQUENCE "subctl"."catalog_generation" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
SELECT setval('"subctl"."catalog_generation"', (SELECT "generation" + 1 FROM "subctl"."catalog_state"));--> statement-breakpoint
UPDATE "subctl"."catalog_state" SET "generation" = "generation" + 1;--> statement-breakpoint
ALTER TABLE "subctl"."usage_events" DROP CONSTRAINT "usage_events_tier_check";--> statement-breakpoint
DROP ROUTINE IF EXISTS "subctl"."keep_customer_rules";--> statement-breakpoint
DROP TABLE "subctl"."customer_rules";--> statement-breakpoint
CREATE UNLOGGED TABLE "subctl"."customer_rules" (
	"customer_id" varchar(200) NOT NULL,
	"kind" text NOT NULL,
	"provider" text DEFAULT '' NOT NULL,
	"model" text DEFAULT '' NOT NULL,
	"generation" integer NOT NULL,
	"catalog" bigint NOT NULL,
	"live_from" timestamp with time zone NOT NULL,
	"live_until" timestamp with time zone NOT NULL,
	"canonical" text NOT NULL,
	"slots" integer[] NOT NULL,
	"counts" numeric[] NOT NULL,
	"stops" numeric[] NOT NULL,
	"limits" numeric[] NOT NULL,
	"heads" text[] NOT NULL,
	"windows" numeric[] NOT NULL,
	"subscription_id" uuid,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"opening" text NOT NULL,
	"only_one" boolean NOT NULL,
	CONSTRAINT "customer_rules_customer_id_kind_provider_model_pk" PRIMARY KEY("customer_id","kind","provider","model")
);--> statement-breakpoint
ALTER TABLE "subctl"."customer_rules" SET (fillfactor = 90);
