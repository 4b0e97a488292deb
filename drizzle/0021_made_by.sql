ALTER TABLE "subctl"."customers" ADD COLUMN "made_by" text;--> statement-breakpoint
CREATE INDEX "customers_made_by_idx" ON "subctl"."customers" USING brin ("made_by");