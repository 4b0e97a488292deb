ALTER TABLE "subctl"."invoices" ADD COLUMN "plan_id" text;--> statement-breakpoint
ALTER TABLE "subctl"."invoices" ADD COLUMN "every" text;--> statement-breakpoint
ALTER TABLE "subctl"."subscription_segments" ADD COLUMN "pause_clock" text;--> statement-breakpoint
ALTER TABLE "subctl"."invoices" ADD CONSTRAINT "invoices_plan_fk" FOREIGN KEY ("plan_id") REFERENCES "subctl"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- Invoices of before belong to the plan that the subscription had when their period began, or first had.
UPDATE "subctl"."invoices" i SET "plan_id" = g.plan_id, "every" = g.every
  FROM "subctl"."invoices" o
 CROSS JOIN LATERAL (
   SELECT x.plan_id, x.every FROM "subctl"."subscription_segments" x
    WHERE x.customer_id = o.customer_id AND x.subscription_id = o.subscription_id
    ORDER BY x.from_at <= coalesce(o.period_start, o.issued_at) DESC,
             CASE WHEN x.from_at <= coalesce(o.period_start, o.issued_at) THEN x.from_at END DESC, x.from_at
    LIMIT 1) g
 WHERE i.customer_id = o.customer_id AND i.id = o.id;--> statement-breakpoint
UPDATE "subctl"."subscription_segments" SET "pause_clock" = 'stops' WHERE clock_stops;--> statement-breakpoint
UPDATE "subctl"."subscription_segments" g SET "pause_clock" = a.after->>'pause_clock'
  FROM "subctl"."audit_log" a
 WHERE g.cause = 'pause' AND g.pause_clock IS NULL AND a.customer_id = g.customer_id AND a.change_id = g.change_id
   AND a.entity = 'subscription' AND a.entity_key = g.subscription_id::text AND a.after ? 'pause_clock';
