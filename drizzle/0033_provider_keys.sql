-- The table was there and nothing wrote it. Notices of customer '' are the operator's: no customer of that id is there to refer to.
DROP TABLE "subctl"."provider_keys";--> statement-breakpoint
ALTER TABLE "subctl"."notifications" DROP CONSTRAINT "notifications_customer_fk";--> statement-breakpoint
CREATE TABLE "subctl"."provider_keys" (
	"name" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"sealed" jsonb NOT NULL,
	"master_key" text NOT NULL,
	"ending" text NOT NULL,
	"base_url" text,
	"created_at" timestamp with time zone NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"tested_at" timestamp with time zone,
	"test_result" text,
	"test_status" integer,
	"change_id" text,
	CONSTRAINT "provider_keys_name_check" CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,63}$'),
	CONSTRAINT "provider_keys_ending_check" CHECK (length(ending) <= 4),
	CONSTRAINT "provider_keys_sealed_check" CHECK (sealed ?& array['protected', 'encrypted_key', 'iv', 'ciphertext', 'tag'] and not sealed ? 'aad'),
	CONSTRAINT "provider_keys_result_check" CHECK (test_result in ('ok', 'rejected', 'forbidden', 'rate_limited', 'provider_error', 'unreachable', 'unexpected'))
);
