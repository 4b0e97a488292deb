CREATE TABLE "subctl"."disputes" (
	"customer_id" varchar(200) NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"provider_id" text,
	"amount" numeric NOT NULL,
	"currency" text NOT NULL,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "disputes_customer_id_id_pk" PRIMARY KEY("customer_id","id"),
	CONSTRAINT "disputes_kind_check" CHECK (kind in ('dispute', 'warning'))
);
--> statement-breakpoint
CREATE TABLE "subctl"."stripe_mirrors" (
	"customer_id" varchar(200) NOT NULL,
	"count" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"compared_at" timestamp with time zone,
	CONSTRAINT "stripe_mirrors_customer_id_pk" PRIMARY KEY("customer_id")
);
--> statement-breakpoint
ALTER TABLE "subctl"."stripe_events" ADD COLUMN "live" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_events" ADD COLUMN "customer_id" text;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_events" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_events" ADD COLUMN "next_try_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD COLUMN "suspended_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."disputes" ADD CONSTRAINT "disputes_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_mirrors" ADD CONSTRAINT "stripe_mirrors_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "customers_stripe_idx" ON "subctl"."customers" USING btree ("stripe_customer_id") WHERE stripe_customer_id is not null;--> statement-breakpoint
INSERT INTO "subctl"."status_moves" ("from_status", "to_status") VALUES ('active', 'trialing'), ('past_due', 'trialing') ON CONFLICT DO NOTHING;
