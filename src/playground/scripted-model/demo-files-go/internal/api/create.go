package api

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"time"

	"example.com/asset-inventory/internal/assets"
)

// createAsset answers POST /api/assets: it adds one asset and answers with it; the service chooses its id and time.
func createAsset(store *assets.Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sent, failure := readJSON(w, r)
		if failure != nil {
			writeError(w, failure)
			return
		}
		asset, problems := assets.Parse(sent)
		if len(problems) > 0 {
			details := map[string]any{"problems": problems}
			writeError(w, &apiError{http.StatusUnprocessableEntity, "invalid_asset", "The asset is not valid.", details})
			return
		}
		asset.ID, asset.CreatedAt = newID(), time.Now().UTC()
		if existing, added := store.Add(asset); !added {
			message := fmt.Sprintf("The %s %s is in the inventory already.", existing.Kind, existing.Identifier)
			writeError(w, &apiError{http.StatusConflict, "duplicate_asset", message, map[string]any{"id": existing.ID}})
			return
		}
		writeJSON(w, http.StatusCreated, asset)
	}
}

// newID returns a random UUID.
func newID() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
