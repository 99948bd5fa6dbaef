// Package api is the HTTP side of the inventory.
package api

import (
	"net/http"

	"example.com/asset-inventory/internal/assets"
)

// New returns the service's handler; store keeps the assets.
func New(store *assets.Store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health)
	mux.HandleFunc("GET /api/assets", listAssets(store))
	return mux
}

func health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func listAssets(store *assets.Store) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		all := store.List()
		writeJSON(w, http.StatusOK, map[string]any{"assets": all, "total": len(all)})
	}
}
