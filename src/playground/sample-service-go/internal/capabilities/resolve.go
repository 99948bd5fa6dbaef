package capabilities

import (
	"context"
	"fmt"
	"net/netip"

	"example.com/surface/internal/assets"
)

// resolve notices domains whose addresses the internet cannot reach.
func resolve(lookup func(ctx context.Context, host string) ([]string, error)) Capability {
	return Capability{
		Name:  "resolve",
		Title: "Looks a domain's addresses up",
		Kinds: []assets.Kind{assets.Domain},
		Look: func(ctx context.Context, asset assets.Asset) ([]string, error) {
			found, err := lookup(ctx, asset.Identifier)
			if err != nil {
				return nil, err
			}
			seen := []string{}
			for _, text := range found {
				address, err := netip.ParseAddr(text)
				if err != nil {
					return nil, fmt.Errorf("address %q: %w", text, err)
				}
				if address.IsPrivate() || address.IsLoopback() {
					seen = append(seen, fmt.Sprintf("points to the private address %s", address))
				}
			}
			return seen, nil
		},
	}
}
