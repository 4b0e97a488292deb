ALTER TABLE "subctl"."job_runs" ADD COLUMN "late_by" integer;--> statement-breakpoint
ALTER TABLE "subctl"."jobs" ADD COLUMN "switched_off" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "subctl"."jobs" ADD COLUMN "grace" integer;