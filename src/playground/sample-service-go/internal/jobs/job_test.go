package jobs

import (
	"reflect"
	"strings"
	"testing"

	"example.com/surface/internal/assets"
)

func TestJobsAreReadInTheirOrder(t *testing.T) {
	read, err := Read(strings.NewReader(`
		{"id": "1", "capability": "resolve", "kind": "domain", "identifier": "shop.example.com"}
		{"id": "2", "capability": "headers", "kind": "ipv4", "identifier": "192.0.2.10"}
	`))
	want := []Job{
		{"1", "resolve", assets.Domain, "shop.example.com"},
		{"2", "headers", assets.IPv4, "192.0.2.10"},
	}
	if err != nil || !reflect.DeepEqual(read, want) {
		t.Errorf("got %v, %v", read, err)
	}
}

func TestAJobWithoutIdIsRefused(t *testing.T) {
	_, err := Read(strings.NewReader(`{"id": "1"} {"capability": "resolve"}`))
	if err == nil || err.Error() != "job 2 has no id" {
		t.Errorf("got %v", err)
	}
}
