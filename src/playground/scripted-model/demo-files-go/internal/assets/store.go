package assets

import "sync"

// Store keeps assets in memory, in the order they came. No two have the same kind and identifier. It may be used by
// many goroutines at once.
type Store struct {
	mu         sync.RWMutex
	assets     []Asset
	byIdentity map[identity]Asset
}

type identity struct {
	kind       Kind
	identifier string
}

// NewStore takes assets in as they stand, for example from a backup.
func NewStore(kept ...Asset) *Store {
	store := &Store{byIdentity: map[identity]Asset{}}
	for _, asset := range kept {
		store.Add(asset)
	}
	return store
}

// List returns a copy of every asset, oldest first.
func (s *Store) List() []Asset {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return append([]Asset{}, s.assets...)
}

// Add takes the asset in and reports true. If its kind and identifier are taken, it changes nothing and returns the
// asset that has them.
func (s *Store) Add(asset Asset) (existing Asset, added bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := identity{asset.Kind, asset.Identifier}
	if existing, taken := s.byIdentity[key]; taken {
		return existing, false
	}
	s.assets = append(s.assets, asset)
	s.byIdentity[key] = asset
	return Asset{}, true
}
