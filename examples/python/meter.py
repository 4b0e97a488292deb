"""Meters images of a customer with the SQL functions of subctl: DATABASE_URL=postgres://… python3 meter.py ada"""

import os
import sys
import uuid

import psycopg


def record(db, customer, key):
    """Records one image if it is allowed. The same key is counted once, so this may be called again after any failure."""
    sql = "select subctl.record_usage(customer => %s, kind => 'image', key => %s)"
    return db.execute(sql, [customer, key]).fetchone()[0]


def main(customer):
    # autocommit: each call is a transaction of its own, so that nobody waits for our other work
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
        asked = "select subctl.check_usage(customer => %s, kind => 'image')"
        print("allowed:", "yes" if db.execute(asked, [customer]).fetchone()[0]["allowed"] else "no")

        key = str(uuid.uuid4())
        answer = record(db, customer, key)
        again = record(db, customer, key)
        print("recorded:", "yes" if answer["allowed"] else "no", "- sent again:", "the same" if again["replayed"] else "another")

        while answer["allowed"]:
            answer = record(db, customer, str(uuid.uuid4()))
        print(f"refused: {answer['reason']}: {answer['message']}")

        limits = """select meter_id, win, trim_scale(used), coalesce(trim_scale(limit_value)::text, 'unlimited')
                      from subctl.usage_limits(%s, now()) order by meter_id, win"""
        for meter, window, used, limit in db.execute(limits, [customer]):
            print(f"used: {meter} per {window}: {used} of {limit}")


if __name__ == "__main__":
    main(sys.argv[1])
