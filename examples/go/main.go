// Meters images of a customer with the SQL functions of subctl: DATABASE_URL=postgres://… go run . ada
package main

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"log"
	"os"

	_ "github.com/lib/pq"
)

// Answer is what check_usage and record_usage say; amounts are strings, for they are exact.
type Answer struct {
	Allowed  bool   `json:"allowed"`
	Reason   string `json:"reason"`
	Message  string `json:"message"`
	Replayed bool   `json:"replayed"`
}

func ask(db *sql.DB, query string, args ...any) (Answer, error) {
	var text []byte
	var answer Answer
	if err := db.QueryRow(query, args...).Scan(&text); err != nil {
		return answer, err // you cannot know: refuse, unless you have decided otherwise
	}
	return answer, json.Unmarshal(text, &answer)
}

// record records one image if it is allowed. The same key is counted once, so it may be called again after any failure.
func record(db *sql.DB, customer, key string) Answer {
	answer, err := ask(db, "select subctl.record_usage(customer => $1, kind => 'image', key => $2)", customer, key)
	if err != nil {
		log.Fatal(err)
	}
	return answer
}

func main() {
	customer := os.Args[1]
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	asked, err := ask(db, "select subctl.check_usage(customer => $1, kind => 'image')", customer)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("allowed:", word(asked.Allowed, "yes", "no"))

	key := newKey()
	answer, again := record(db, customer, key), record(db, customer, key)
	fmt.Println("recorded:", word(answer.Allowed, "yes", "no"), "- sent again:", word(again.Replayed, "the same", "another"))

	for answer.Allowed {
		answer = record(db, customer, newKey())
	}
	fmt.Printf("refused: %s: %s\n", answer.Reason, answer.Message)

	rows, err := db.Query(`select meter_id, win, trim_scale(used)::text, coalesce(trim_scale(limit_value)::text, 'unlimited')
		from subctl.usage_limits($1, now()) order by meter_id, win`, customer)
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var meter, window, used, limit string
		if err := rows.Scan(&meter, &window, &used, &limit); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("used: %s per %s: %s of %s\n", meter, window, used, limit)
	}
	if err := rows.Err(); err != nil {
		log.Fatal(err)
	}
}

func word(yes bool, one, other string) string {
	if yes {
		return one
	}
	return other
}

func newKey() string {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		log.Fatal(err)
	}
	return fmt.Sprintf("%x", random)
}
