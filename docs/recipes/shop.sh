#!/bin/sh
# Builds the shop in which the recipes play, as it is on 10 March 2026. To play along, in an empty folder with shop.yaml and this file:
#   export SUBCTL_HOME="$PWD" && sh shop.sh
set -e
subctl setup --catalogue shop.yaml --yes
subctl config set timezone Europe/Berlin
subctl customers add eve --name 'Eve Larsen' --email eve@example.com --as-of 2026-01-02T10:00Z
subctl assign eve pro --every 1y --no-trial --as-of 2026-01-02T10:00Z
subctl invoices pay FA6A91EF-0001 --reference bank-101 --as-of 2026-01-07T10:00Z
subctl customers add ada --name 'Ada Byron' --email ada@example.com --as-of 2026-01-15T10:00Z
subctl assign ada pro --no-trial --as-of 2026-01-15T10:00Z
subctl invoices pay 8C8D357B-0001 --reference bank-102 --as-of 2026-01-16T10:00Z
subctl customers add bo --name 'Bo Chen' --email bo@example.com --as-of 2026-01-20T10:00Z
subctl assign bo pro --no-trial --as-of 2026-01-20T10:00Z
subctl customers add acme --kind group --name 'Acme Ltd' --email billing@acme.example --as-of 2026-02-01T10:00Z
subctl assign acme team --as-of 2026-02-01T10:00Z
subctl members add acme mia --role admin --email mia@acme.example --as-of 2026-02-01T10:00Z
subctl members add acme noa --email noa@acme.example --as-of 2026-02-01T10:00Z
subctl customers add cleo --name 'Cleo Diaz' --email cleo@example.com --as-of 2026-02-03T10:00Z
subctl invoices pay AD7532D5-0001 --reference bank-103 --as-of 2026-01-25T10:00Z
subctl invoices pay 53BCE4F1-0001 --reference bank-104 --as-of 2026-02-06T10:00Z
subctl usage record ada --kind image --quantity 40 --as-of 2026-02-10T14:00Z
subctl usage record acme --member mia --kind message --quantity 60 --as-of 2026-02-12T14:00Z
subctl usage record acme --member noa --kind image --quantity 25 --as-of 2026-02-13T14:00Z
subctl handle-renewals --as-of 2026-02-16T02:00Z
subctl invoices pay 8C8D357B-0002 --reference bank-105 --as-of 2026-02-17T10:00Z
subctl handle-renewals --as-of 2026-02-21T02:00Z
subctl reset-monthly-usage --as-of 2026-03-01T00:00Z
subctl customers add dan --name 'Dan Okoro' --email dan@example.com --as-of 2026-03-01T10:00Z
subctl assign dan pro --as-of 2026-03-01T10:00Z
subctl handle-renewals --as-of 2026-03-02T02:00Z
subctl usage record ada --kind image --quantity 92 --key ada-march --as-of 2026-03-05T14:00Z
subctl usage record bo --kind message --quantity 12 --as-of 2026-03-05T15:00Z
subctl usage record cleo --kind image --quantity 10 --as-of 2026-03-08T09:00Z
subctl usage record acme --member mia --kind message --quantity 130 --as-of 2026-03-09T14:00Z
subctl usage record acme --member noa --kind message --quantity 20 --as-of 2026-03-09T15:00Z
subctl usage record cleo --kind image --as-of 2026-03-09T09:00Z || echo "refused, as it should be"
subctl handle-renewals --as-of 2026-03-10T02:00Z
