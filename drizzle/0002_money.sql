CREATE TABLE "subctl"."refunds" (
	"customer_id" varchar(200) NOT NULL,
	"id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"reference" text NOT NULL,
	"provider_id" text,
	"status" text NOT NULL,
	"amount" numeric NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"reason" text,
	"error" text,
	"change_id" text,
	CONSTRAINT "refunds_customer_id_id_pk" PRIMARY KEY("customer_id","id"),
	CONSTRAINT "refunds_status_check" CHECK (status in ('intended', 'pending', 'refunded', 'failed')),
	CONSTRAINT "refunds_amount_check" CHECK (amount > 0 and amount_minor > 0)
);
--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" DROP CONSTRAINT "subscriptions_quantity_check";--> statement-breakpoint
ALTER TABLE "subctl"."discounts" ADD COLUMN "periods" integer DEFAULT 1;--> statement-breakpoint
ALTER TABLE "subctl"."discount_redemptions" ADD COLUMN "subscription_id" uuid;--> statement-breakpoint
ALTER TABLE "subctl"."discount_redemptions" ADD COLUMN "periods_left" integer;--> statement-breakpoint
ALTER TABLE "subctl"."invoice_lines" ADD COLUMN "source_key" text;--> statement-breakpoint
ALTER TABLE "subctl"."invoices" ADD COLUMN "collect_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."payments" ADD COLUMN "provider_id" text;--> statement-breakpoint
ALTER TABLE "subctl"."payments" ADD COLUMN "ask_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD COLUMN "pending_quantity" integer;--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD COLUMN "method_checked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subctl"."refunds" ADD CONSTRAINT "refunds_payment_fk" FOREIGN KEY ("customer_id","payment_id") REFERENCES "subctl"."payments"("customer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_reference_key" ON "subctl"."refunds" USING btree ("customer_id","provider","reference");--> statement-breakpoint
CREATE INDEX "refunds_open_idx" ON "subctl"."refunds" USING btree ("at") WHERE status in ('intended', 'pending');--> statement-breakpoint
CREATE UNIQUE INDEX "invoice_lines_source_key" ON "subctl"."invoice_lines" USING btree ("customer_id","source_key");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_number_key" ON "subctl"."invoices" USING btree ("customer_id","number");--> statement-breakpoint
CREATE INDEX "invoices_number_idx" ON "subctl"."invoices" USING btree ("number");--> statement-breakpoint
CREATE INDEX "invoices_subscription_idx" ON "subctl"."invoices" USING btree ("customer_id","subscription_id","due_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "invoices_collect_idx" ON "subctl"."invoices" USING btree ("collect_at") WHERE collect_at is not null;--> statement-breakpoint
CREATE INDEX "payments_invoice_idx" ON "subctl"."payments" USING btree ("customer_id","invoice_id");--> statement-breakpoint
CREATE INDEX "payments_reference_idx" ON "subctl"."payments" USING btree ("provider","reference");--> statement-breakpoint
CREATE INDEX "payments_provider_id_idx" ON "subctl"."payments" USING btree ("provider_id");--> statement-breakpoint
CREATE INDEX "payments_ask_idx" ON "subctl"."payments" USING btree ("ask_at") WHERE ask_at is not null;--> statement-breakpoint
ALTER TABLE "subctl"."discounts" ADD CONSTRAINT "discounts_code_check" CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,63}$');--> statement-breakpoint
ALTER TABLE "subctl"."discounts" ADD CONSTRAINT "discounts_currency_check" CHECK ((kind = 'fixed') = (currency is not null));--> statement-breakpoint
ALTER TABLE "subctl"."discounts" ADD CONSTRAINT "discounts_uses_check" CHECK (max_uses > 0 and max_uses_per_customer > 0 and periods > 0);--> statement-breakpoint
ALTER TABLE "subctl"."invoices" ADD CONSTRAINT "invoices_collect_check" CHECK (collect_at is null or status = 'open');--> statement-breakpoint
ALTER TABLE "subctl"."subscriptions" ADD CONSTRAINT "subscriptions_quantity_check" CHECK (quantity > 0 and pending_quantity > 0);