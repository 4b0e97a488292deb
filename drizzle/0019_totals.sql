CREATE TABLE "subctl"."catalog_state" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"generation" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "catalog_state_one_row" CHECK (id)
);
--> statement-breakpoint
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
	"stops" numeric[] NOT NULL,
	"limits" numeric[] NOT NULL,
	"heads" text[] NOT NULL,
	"tails" text[] NOT NULL,
	"windows" numeric[] NOT NULL,
	"subscription_id" uuid,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"fields" integer[] NOT NULL,
	CONSTRAINT "customer_rules_customer_id_kind_provider_model_pk" PRIMARY KEY("customer_id","kind","provider","model")
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_totals" (
	"customer_id" varchar(200) PRIMARY KEY NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"used" numeric[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
INSERT INTO "subctl"."catalog_state" DEFAULT VALUES;--> statement-breakpoint
INSERT INTO "subctl"."usage_totals" ("customer_id", "used") SELECT "customer_id", "used" FROM "subctl"."usage_state";--> statement-breakpoint
ALTER TABLE "subctl"."usage_totals" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "subctl"."customer_rules" SET (fillfactor = 90);--> statement-breakpoint
ALTER TABLE "subctl"."usage_state" DROP COLUMN "used";