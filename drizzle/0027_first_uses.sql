-- In generation 0 is who has never used anything: those who were used late before their first use leave it.
UPDATE "subctl"."usage_totals" t SET "generation" = 1
  FROM "subctl"."usage_state" s
 WHERE s."customer_id" = t."customer_id" AND t."generation" = 0 AND s."plan_id" IS NULL
   AND EXISTS (SELECT 1 FROM "subctl"."usage_events" e WHERE e."customer_id" = t."customer_id");
