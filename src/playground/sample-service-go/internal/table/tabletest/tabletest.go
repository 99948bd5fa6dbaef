// Package tabletest gives tests a table of their own on a local server that speaks DynamoDB's protocol.
package tabletest

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"example.com/surface/internal/table"
)

// Endpoint is where the tests' server listens.
func Endpoint() string {
	if set := os.Getenv("DYNAMODB_ENDPOINT"); set != "" {
		return set
	}
	return "http://127.0.0.1:8000"
}

var made atomic.Int64

// Options name a table that no other test uses, and give the server's credentials to the test.
func Options(t *testing.T) table.Options {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "local")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "local")
	name := fmt.Sprintf("assets-%d-%d", os.Getpid(), made.Add(1))
	return table.Options{Name: name, Region: "eu-central-1", Endpoint: Endpoint()}
}

// New makes an empty table and removes it after the test. Without the server the test fails and says how to start it.
func New(t *testing.T) *table.Assets {
	t.Helper()
	kept := table.Open(Options(t))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := kept.Create(ctx); err != nil {
		t.Fatalf("no DynamoDB server at %s (start it by `npm start` in testing/dynamodb): %v", Endpoint(), err)
	}
	t.Cleanup(func() {
		if err := kept.Delete(context.Background()); err != nil {
			t.Errorf("leave nothing behind: %v", err)
		}
	})
	return kept
}
