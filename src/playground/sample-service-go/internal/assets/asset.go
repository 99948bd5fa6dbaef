// Package assets says what an asset is: one thing that a company shows to the internet.
package assets

import "time"

// Kind says what an asset is.
type Kind string

// The kinds of assets that are known.
const (
	Domain     Kind = "domain"
	IPv4       Kind = "ipv4"
	Repository Kind = "repository"
)

// Asset is one thing that a company owns.
type Asset struct {
	Kind       Kind      `json:"kind"`
	Identifier string    `json:"identifier"`
	Labels     []string  `json:"labels"`
	AddedAt    time.Time `json:"addedAt"`
}

// Key is what an asset is found by; no two assets share one.
func (a Asset) Key() string {
	return string(a.Kind) + "/" + a.Identifier
}
