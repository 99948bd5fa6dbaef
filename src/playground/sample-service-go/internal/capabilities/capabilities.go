// Package capabilities is what can be done to an asset: each capability looks at some kinds of assets and reports what
// it found.
package capabilities

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"

	"example.com/surface/internal/assets"
)

// Finding is one thing that a capability noticed about an asset.
type Finding struct {
	Asset      string `json:"asset"`
	Capability string `json:"capability"`
	Text       string `json:"text"`
}

// Capability looks at assets of some kinds.
type Capability struct {
	Name  string
	Title string
	Kinds []assets.Kind
	Look  func(ctx context.Context, asset assets.Asset) ([]string, error)
}

// Outside is what capabilities reach the world by.
type Outside struct {
	LookupHost func(ctx context.Context, host string) ([]string, error)
	Client     *http.Client
}

// Real is the world itself.
func Real() Outside {
	return Outside{LookupHost: net.DefaultResolver.LookupHost, Client: http.DefaultClient}
}

// All returns every capability, by name.
func All(outside Outside) []Capability {
	return []Capability{headers(outside.Client), resolve(outside.LookupHost)}
}

// Run lets the capability of that name look at an asset.
func Run(ctx context.Context, known []Capability, name string, asset assets.Asset) ([]Finding, error) {
	at := slices.IndexFunc(known, func(one Capability) bool { return one.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("there is no capability %q", name)
	}
	capability := known[at]
	if !slices.Contains(capability.Kinds, asset.Kind) {
		return nil, fmt.Errorf("capability %q does not look at assets of kind %q", name, asset.Kind)
	}
	seen, err := capability.Look(ctx, asset)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", name, asset.Key(), err)
	}
	findings := []Finding{}
	for _, text := range seen {
		findings = append(findings, Finding{Asset: asset.Key(), Capability: name, Text: text})
	}
	return findings, nil
}
