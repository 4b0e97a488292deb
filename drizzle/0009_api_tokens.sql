CREATE TABLE "subctl"."api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"ending" text NOT NULL,
	"scopes" text[] NOT NULL,
	"only_customer" text,
	"only_prefix" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"change_id" text,
	CONSTRAINT "api_tokens_name_check" CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
	CONSTRAINT "api_tokens_scopes_check" CHECK (cardinality(scopes) > 0),
	CONSTRAINT "api_tokens_only_check" CHECK (only_customer is null or only_prefix is null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_hash" ON "subctl"."api_tokens" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_name" ON "subctl"."api_tokens" USING btree ("name") WHERE revoked_at is null;