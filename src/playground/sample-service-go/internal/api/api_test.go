package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"example.com/surface/internal/assets"
	"example.com/surface/internal/capabilities"
)

// shelf keeps assets in memory, or fails.
type shelf struct {
	kept []assets.Asset
	err  error
}

func (s *shelf) List(context.Context) ([]assets.Asset, error) {
	return s.kept, s.err
}

func serve(kept Assets, method, path string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler := New(kept, capabilities.All(capabilities.Real()))
	handler.ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
	return recorder
}

func TestTheServiceSaysThatItIsWell(t *testing.T) {
	answer := serve(&shelf{}, http.MethodGet, "/healthz")
	if got := answer.Body.String(); answer.Code != http.StatusOK || got != "{\"status\":\"ok\"}\n" {
		t.Errorf("got %d %s", answer.Code, got)
	}
}

func TestAssetsAreListed(t *testing.T) {
	kept := &shelf{kept: []assets.Asset{{
		Kind:       assets.Domain,
		Identifier: "shop.example.com",
		Labels:     []string{"public"},
		AddedAt:    time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC),
	}}}
	answer := serve(kept, http.MethodGet, "/api/assets")
	want := `{"assets":[{"kind":"domain","identifier":"shop.example.com","labels":["public"],` +
		`"addedAt":"2026-01-05T09:00:00Z"}],"total":1}` + "\n"
	if got := answer.Body.String(); answer.Code != http.StatusOK || got != want {
		t.Errorf("got %d %s", answer.Code, got)
	}
}

func TestAStorageThatFailsIsSaidWithoutItsReason(t *testing.T) {
	answer := serve(&shelf{err: errors.New("secret host")}, http.MethodGet, "/api/assets")
	want := "{\"error\":{\"code\":\"storage_unavailable\"}}\n"
	if got := answer.Body.String(); answer.Code != http.StatusServiceUnavailable || got != want {
		t.Errorf("got %d %s", answer.Code, got)
	}
}

func TestCapabilitiesAreListedByName(t *testing.T) {
	answer := serve(&shelf{}, http.MethodGet, "/api/capabilities")
	want := `{"capabilities":[` +
		`{"name":"headers","title":"Reads a web server's headers","kinds":["domain","ipv4"]},` +
		`{"name":"resolve","title":"Looks a domain's addresses up","kinds":["domain"]}]}` + "\n"
	if got := answer.Body.String(); got != want {
		t.Errorf("got %s", got)
	}
}
