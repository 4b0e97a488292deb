CREATE TABLE "subctl"."invitations" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"hash" text NOT NULL,
	"ending" text NOT NULL,
	"role" text NOT NULL,
	"uses" integer NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"change_id" text,
	CONSTRAINT "invitations_customer_id_id_pk" PRIMARY KEY("customer_id","id"),
	CONSTRAINT "invitations_role_check" CHECK (role in ('member', 'admin')),
	CONSTRAINT "invitations_uses_check" CHECK (uses > 0 and used between 0 and uses)
);
--> statement-breakpoint
ALTER TABLE "subctl"."invitations" ADD CONSTRAINT "invitations_customer_fk" FOREIGN KEY ("customer_id") REFERENCES "subctl"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invitations_hash_idx" ON "subctl"."invitations" USING btree ("hash");