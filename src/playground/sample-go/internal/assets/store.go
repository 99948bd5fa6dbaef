package assets

import (
	"slices"
	"sync"
)

// Store keeps assets in memory, in the order they came. It may be used by many goroutines at once.
type Store struct {
	mu     sync.RWMutex
	assets []Asset
}

// NewStore takes assets in as they stand, for example from a backup.
func NewStore(kept ...Asset) *Store {
	return &Store{assets: slices.Clone(kept)}
}

// List returns a copy of every asset, oldest first.
func (s *Store) List() []Asset {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return append([]Asset{}, s.assets...)
}
