# Meters images of a customer by the JSON API: SUBCTL_URL=http://127.0.0.1:8788 SUBCTL_TOKEN=subctl_… sh meter.sh ada
# The token needs: subctl tokens create meter --scope check --scope record --scope read
set -eu
customer=$1
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# ask PATH [BODY [KEY]]: the status is printed, the body is in $answer
ask() {
  set -- "$1" "${2-}" "${3-}"
  curl -sS -o "$answer" -w '%{http_code}' "$SUBCTL_URL$1" -H "Authorization: Bearer $SUBCTL_TOKEN" \
    ${2:+-H "Content-Type: application/json" -d "$2"} ${3:+-H "Idempotency-Key: $3"}
}
# field NAME: a text of the answer, as a program would take it from its JSON
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$answer" | head -n 1; }
says() { grep -q "$1" "$answer" && echo "$2" || echo "$3"; }

image="{\"customer\": \"$customer\", \"kind\": \"image\"}"
ask /v1/check "$image" > /dev/null
echo "allowed: $(says '"allowed":true' yes no)"

# after a time-out send the same again: the same key is counted once
key="$customer-$$-$(date +%s)"
[ "$(ask /v1/record "$image" "$key")" = 200 ] && recorded=yes || recorded=no
ask /v1/record "$image" "$key" > /dev/null
echo "recorded: $recorded - sent again: $(says '"replayed":true' 'the same' another)"

count=1
while [ "$(ask /v1/record "$image" "$key-$count")" = 200 ]; do count=$((count + 1)); done
echo "refused: $(sed 's/.*"reason":"\([^"]*\)".*/\1/' "$answer"): $(field message)"

ask "/v1/customers/$customer/usage" > /dev/null
tr '{' '\n' < "$answer" | sed -n 's/^"meter":"\([^"]*\)","window":"\([^"]*\)".*"used":"\([^"]*\)","limit":"\([^"]*\)".*/used: \1 per \2: \3 of \4/p' | sort
