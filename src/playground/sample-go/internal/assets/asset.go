// Package assets is the inventory itself: what an asset is and where assets are kept.
package assets

import "time"

// Kind says what an asset is.
type Kind string

// The kinds of assets the inventory knows.
const (
	Domain     Kind = "domain"
	IPv4       Kind = "ipv4"
	Repository Kind = "repository"
)

// Asset is one thing the company owns.
type Asset struct {
	ID         string    `json:"id"`
	Kind       Kind      `json:"kind"`
	Identifier string    `json:"identifier"`
	Labels     []string  `json:"labels"`
	CreatedAt  time.Time `json:"createdAt"`
}
