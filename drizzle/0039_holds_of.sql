-- whose a reservation is stands beside its amounts, which readers may see
UPDATE "subctl"."reservations" SET held = held || jsonb_strip_nulls(jsonb_build_object('member', asked->'member', 'session', asked->'session'))
 WHERE status = 'held' AND asked ?| ARRAY['member', 'session'];
