CREATE INDEX "credit_entries_at_idx" ON "subctl"."credit_entries" USING btree ("customer_id","at");
