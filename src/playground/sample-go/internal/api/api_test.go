package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"example.com/asset-inventory/internal/assets"
)

var shop = assets.Asset{
	ID:         "3f0c1a52-8f0e-4f3b-9a57-0a4c9f6f2b11",
	Kind:       assets.Domain,
	Identifier: "shop.example.com",
	Labels:     []string{"public"},
	CreatedAt:  time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC),
}

type list struct {
	Assets []assets.Asset `json:"assets"`
	Total  int            `json:"total"`
}

func get(t *testing.T, handler http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder
}

func decode[T any](t *testing.T, recorder *httptest.ResponseRecorder) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(recorder.Body.Bytes(), &value); err != nil {
		t.Fatalf("%s: %v", recorder.Body, err)
	}
	return value
}

func TestTheServiceSaysThatItIsWell(t *testing.T) {
	answer := get(t, New(assets.NewStore()), "/healthz")
	if answer.Code != http.StatusOK || decode[map[string]string](t, answer)["status"] != "ok" {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}

func TestAnUnknownPathIsNotFound(t *testing.T) {
	if answer := get(t, New(assets.NewStore()), "/api/nothing"); answer.Code != http.StatusNotFound {
		t.Errorf("got %d", answer.Code)
	}
}

func TestAnEmptyInventoryIsAnEmptyList(t *testing.T) {
	answer := get(t, New(assets.NewStore()), "/api/assets")
	if got := answer.Body.String(); got != "{\"assets\":[],\"total\":0}\n" {
		t.Errorf("got %s", got)
	}
}

func TestAssetsAreListedOldestFirst(t *testing.T) {
	gateway := assets.Asset{ID: "2", Kind: assets.IPv4, Identifier: "192.0.2.10", Labels: []string{}}
	answer := get(t, New(assets.NewStore(shop, gateway)), "/api/assets")
	want := list{Assets: []assets.Asset{shop, gateway}, Total: 2}
	if got := decode[list](t, answer); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}
