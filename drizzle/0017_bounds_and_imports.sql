CREATE TABLE "subctl"."usage_imports" (
	"beginning" text PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subctl"."kinds" ADD CONSTRAINT "kinds_length_check" CHECK (length(id) <= 200);--> statement-breakpoint
ALTER TABLE "subctl"."meters" ADD CONSTRAINT "meters_length_check" CHECK (length(id) <= 200 and length(name) <= 500);--> statement-breakpoint
ALTER TABLE "subctl"."plans" ADD CONSTRAINT "plans_length_check" CHECK (length(id) <= 200 and length(name) <= 500 and length(description) <= 2000);