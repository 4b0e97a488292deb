CREATE TABLE "subctl"."plan_stripe_prices" (
	"stripe_price_id" text PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"interval" text NOT NULL,
	"currency" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subctl"."plan_stripe_prices" ADD CONSTRAINT "plan_stripe_prices_version_fk" FOREIGN KEY ("plan_id","version") REFERENCES "subctl"."plan_versions"("plan_id","version") ON DELETE no action ON UPDATE no action;