package table_test

import (
	"reflect"
	"testing"
	"time"

	"example.com/surface/internal/assets"
	"example.com/surface/internal/table/tabletest"
)

func TestAnEmptyTableListsNothing(t *testing.T) {
	kept, err := tabletest.New(t).List(t.Context())
	if err != nil || kept == nil || len(kept) != 0 {
		t.Errorf("got %v, %v", kept, err)
	}
}

func TestAssetsAreListedOldestFirstAsTheyWereWritten(t *testing.T) {
	table := tabletest.New(t)
	shop := assets.Asset{
		Kind:       assets.Domain,
		Identifier: "shop.example.com",
		Labels:     []string{"public"},
		AddedAt:    time.Date(2026, 1, 6, 9, 0, 0, 0, time.UTC),
	}
	gateway := assets.Asset{
		Kind:       assets.IPv4,
		Identifier: "192.0.2.10",
		Labels:     []string{},
		AddedAt:    time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC),
	}
	if err := table.Import(t.Context(), []assets.Asset{shop, gateway}); err != nil {
		t.Fatal(err)
	}
	kept, err := table.List(t.Context())
	if want := []assets.Asset{gateway, shop}; err != nil || !reflect.DeepEqual(kept, want) {
		t.Errorf("got %+v, %v", kept, err)
	}
}
