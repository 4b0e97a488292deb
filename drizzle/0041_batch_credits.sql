-- Uses that cost credits are recorded together in a batch, too.
ALTER TYPE "subctl"."batch_rules" ADD ATTRIBUTE "credit_cost" numeric, ADD ATTRIBUTE "grant_id" uuid;--> statement-breakpoint
ALTER TYPE "subctl"."plain_use" ADD ATTRIBUTE "credits" numeric;
