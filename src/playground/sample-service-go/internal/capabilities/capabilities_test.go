package capabilities

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"example.com/surface/internal/assets"
)

func TestAnUnknownCapabilityIsRefused(t *testing.T) {
	_, err := Run(t.Context(), All(Real()), "guess", assets.Asset{})
	if err == nil || err.Error() != `there is no capability "guess"` {
		t.Errorf("got %v", err)
	}
}

func TestAKindThatACapabilityDoesNotLookAtIsRefused(t *testing.T) {
	_, err := Run(t.Context(), All(Real()), "resolve", assets.Asset{Kind: assets.Repository, Identifier: "a/b"})
	if err == nil || !strings.Contains(err.Error(), `does not look at assets of kind "repository"`) {
		t.Errorf("got %v", err)
	}
}

func TestPrivateAddressesAreNoticed(t *testing.T) {
	outside := Outside{LookupHost: func(context.Context, string) ([]string, error) {
		return []string{"192.0.2.7", "10.0.0.7"}, nil
	}}
	found, err := Run(t.Context(), All(outside), "resolve", assets.Asset{Kind: assets.Domain, Identifier: "shop.example.com"})
	want := []Finding{{"domain/shop.example.com", "resolve", "points to the private address 10.0.0.7"}}
	if err != nil || !reflect.DeepEqual(found, want) {
		t.Errorf("got %v, %v", found, err)
	}
}

func TestMissingHeadersAreNoticed(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
	}))
	t.Cleanup(server.Close)
	asset := assets.Asset{Kind: assets.IPv4, Identifier: strings.TrimPrefix(server.URL, "http://")}
	found, err := Run(t.Context(), All(Outside{Client: server.Client()}), "headers", asset)
	want := []Finding{{asset.Key(), "headers", "answers without Content-Security-Policy"}}
	if err != nil || !reflect.DeepEqual(found, want) {
		t.Errorf("got %v, %v", found, err)
	}
}
