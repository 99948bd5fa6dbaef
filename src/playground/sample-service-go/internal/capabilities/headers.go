package capabilities

import (
	"context"
	"fmt"
	"net/http"

	"example.com/surface/internal/assets"
)

// headers notices web servers that leave protective headers out.
func headers(client *http.Client) Capability {
	return Capability{
		Name:  "headers",
		Title: "Reads a web server's headers",
		Kinds: []assets.Kind{assets.Domain, assets.IPv4},
		Look: func(ctx context.Context, asset assets.Asset) ([]string, error) {
			request, err := http.NewRequestWithContext(ctx, http.MethodHead, "http://"+asset.Identifier, nil)
			if err != nil {
				return nil, err
			}
			answer, err := client.Do(request)
			if err != nil {
				return nil, err
			}
			defer answer.Body.Close()
			seen := []string{}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options"} {
				if answer.Header.Get(name) == "" {
					seen = append(seen, fmt.Sprintf("answers without %s", name))
				}
			}
			return seen, nil
		},
	}
}
