-- Rules are a cache: the table is replaced by one with today's columns, and a second holds rules of uses with a price.
DROP ROUTINE IF EXISTS "subctl"."keep_customer_rules";--> statement-breakpoint
DROP TABLE "subctl"."customer_rules";--> statement-breakpoint
CREATE UNLOGGED TABLE "subctl"."customer_priced_rules" (
	"customer_id" varchar(200) NOT NULL,
	"kind" text NOT NULL,
	"generation" integer NOT NULL,
	"catalog" bigint NOT NULL,
	"live_from" timestamp with time zone NOT NULL,
	"live_until" timestamp with time zone NOT NULL,
	"canonical" text NOT NULL,
	"slots" integer[] NOT NULL,
	"fields" integer[],
	"stops" numeric[] NOT NULL,
	"heads" text[] NOT NULL,
	"windows" numeric[] NOT NULL,
	"subscription_id" uuid,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"opening" text NOT NULL,
	"credit_cost" numeric,
	"grant_id" uuid,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"has_tokens" boolean NOT NULL,
	"used_provider" text,
	"tier" text NOT NULL,
	"rates" numeric[],
	"price_from" timestamp with time zone,
	"price_provider" text,
	CONSTRAINT "customer_priced_rules_customer_id_kind_provider_model_pk" PRIMARY KEY("customer_id","kind","provider","model")
);--> statement-breakpoint
CREATE UNLOGGED TABLE "subctl"."customer_rules" (
	"customer_id" varchar(200) NOT NULL,
	"kind" text NOT NULL,
	"generation" integer NOT NULL,
	"catalog" bigint NOT NULL,
	"live_from" timestamp with time zone NOT NULL,
	"live_until" timestamp with time zone NOT NULL,
	"canonical" text NOT NULL,
	"slots" integer[] NOT NULL,
	"fields" integer[],
	"stops" numeric[] NOT NULL,
	"heads" text[] NOT NULL,
	"windows" numeric[] NOT NULL,
	"subscription_id" uuid,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"opening" text NOT NULL,
	"credit_cost" numeric,
	"grant_id" uuid,
	CONSTRAINT "customer_rules_customer_id_kind_pk" PRIMARY KEY("customer_id","kind")
);--> statement-breakpoint
ALTER TABLE "subctl"."customer_rules" SET (fillfactor = 90);--> statement-breakpoint
ALTER TABLE "subctl"."customer_priced_rules" SET (fillfactor = 90);--> statement-breakpoint
ALTER TABLE "subctl"."credit_entries" DROP CONSTRAINT "credit_entries_kind_check";--> statement-breakpoint
ALTER TABLE "subctl"."credit_entries" DROP CONSTRAINT "credit_entries_sign_check";--> statement-breakpoint
ALTER TABLE "subctl"."credit_entries" DROP CONSTRAINT "credit_entries_balance_check";--> statement-breakpoint
ALTER TABLE "subctl"."credit_grants" DROP CONSTRAINT "credit_grants_amount_check";--> statement-breakpoint
ALTER TABLE "subctl"."credit_grants" DROP CONSTRAINT "credit_grants_remaining_check";--> statement-breakpoint
ALTER TABLE "subctl"."credit_grants" DROP CONSTRAINT "credit_grants_expiry_check";
