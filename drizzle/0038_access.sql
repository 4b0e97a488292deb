CREATE TABLE "subctl"."bound_accounts" (
	"account" text PRIMARY KEY NOT NULL,
	"only_customer" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"change_id" text
);
--> statement-breakpoint
ALTER TABLE "subctl"."api_tokens" ADD COLUMN "role" text;--> statement-breakpoint
ALTER TABLE "subctl"."api_tokens" ADD CONSTRAINT "api_tokens_role_check" CHECK (role in ('superadmin', 'admin', 'reader', 'personal', 'app'));