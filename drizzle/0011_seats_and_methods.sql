CREATE TABLE "subctl"."stripe_overages" (
	"customer_id" varchar(200) NOT NULL,
	"source_key" text NOT NULL,
	"way" text NOT NULL,
	"description" text NOT NULL,
	"meter_id" text NOT NULL,
	"units" numeric NOT NULL,
	"amount" numeric NOT NULL,
	"currency" text NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"window_end" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"told_at" timestamp with time zone,
	"stripe_id" text,
	"change_id" text,
	CONSTRAINT "stripe_overages_customer_id_source_key_pk" PRIMARY KEY("customer_id","source_key"),
	CONSTRAINT "stripe_overages_way_check" CHECK (way in ('invoice-items', 'meter-events'))
);
--> statement-breakpoint
ALTER TABLE "subctl"."plan_versions" ADD COLUMN "per_seat" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_mirrors" ADD COLUMN "method_id" text;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_mirrors" ADD COLUMN "method_brand" text;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_mirrors" ADD COLUMN "method_last4" text;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_mirrors" ADD COLUMN "method_expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."stripe_overages" ADD CONSTRAINT "stripe_overages_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "stripe_overages_untold_idx" ON "subctl"."stripe_overages" USING btree ("at") WHERE told_at is null;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" DROP COLUMN "method_checked_at";