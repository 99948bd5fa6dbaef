// Package api is the HTTP side of the service.
package api

import (
	"context"
	"log"
	"net/http"

	"example.com/surface/internal/assets"
	"example.com/surface/internal/capabilities"
)

// Assets is where assets are kept.
type Assets interface {
	List(ctx context.Context) ([]assets.Asset, error)
}

// New returns the service's handler.
func New(kept Assets, known []capabilities.Capability) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health)
	mux.HandleFunc("GET /api/assets", listAssets(kept))
	mux.HandleFunc("GET /api/capabilities", listCapabilities(known))
	return mux
}

func health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func listAssets(kept Assets) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		all, err := kept.List(r.Context())
		if err != nil {
			log.Printf("list assets: %v", err)
			writeError(w, http.StatusServiceUnavailable, "storage_unavailable")
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{"assets": all, "total": len(all)})
	}
}

type shownCapability struct {
	Name  string        `json:"name"`
	Title string        `json:"title"`
	Kinds []assets.Kind `json:"kinds"`
}

func listCapabilities(known []capabilities.Capability) http.HandlerFunc {
	shown := []shownCapability{}
	for _, one := range known {
		shown = append(shown, shownCapability{one.Name, one.Title, one.Kinds})
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"capabilities": shown})
	}
}
