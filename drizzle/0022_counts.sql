CREATE TABLE "subctl"."subscription_counts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "subctl"."subscription_counts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"plan_id" text NOT NULL,
	"subscriptions" integer NOT NULL
);
--> statement-breakpoint
LOCK TABLE "subctl"."subscriptions" IN SHARE ROW EXCLUSIVE MODE;--> statement-breakpoint
INSERT INTO "subctl"."subscription_counts" ("plan_id", "subscriptions") SELECT "plan_id", count(*) FROM "subctl"."subscriptions" WHERE "status" IN ('trialing', 'active', 'past_due', 'paused') GROUP BY "plan_id";
