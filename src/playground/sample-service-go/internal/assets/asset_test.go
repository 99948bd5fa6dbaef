package assets

import "testing"

func TestTheKeyNamesKindAndIdentifier(t *testing.T) {
	asset := Asset{Kind: Domain, Identifier: "shop.example.com"}
	if got := asset.Key(); got != "domain/shop.example.com" {
		t.Errorf("got %q", got)
	}
}
