CREATE TABLE "subctl"."usage_active_customers" (
	"starts_at" timestamp with time zone PRIMARY KEY NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"customers" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_day_sums" (
	"month" date NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"provider" text,
	"model" text,
	"plan_id" text,
	"uses" integer NOT NULL,
	"tokens" numeric,
	"cost" numeric,
	"unpriced" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_late_marks" (
	"month" date NOT NULL,
	"transaction" bigint NOT NULL,
	CONSTRAINT "usage_late_marks_month_transaction_pk" PRIMARY KEY("month","transaction")
);
--> statement-breakpoint
CREATE TABLE "subctl"."usage_sums" (
	"month" date PRIMARY KEY NOT NULL,
	"timezone" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "usage_day_sums_day_idx" ON "subctl"."usage_day_sums" USING btree ("starts_at");