package api

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"mime"
	"net/http"
)

const maxBodyBytes = 16 << 10

// apiError is a failure that the client is told about: its status, a code for programs, a sentence for people, and
// further fields of the answer's error.
type apiError struct {
	status  int
	code    string
	message string
	details map[string]any
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Printf("write the answer: %v", err)
	}
}

func writeError(w http.ResponseWriter, failure *apiError) {
	fields := map[string]any{"code": failure.code, "message": failure.message}
	for name, value := range failure.details {
		fields[name] = value
	}
	writeJSON(w, failure.status, map[string]any{"error": fields})
}

// readJSON gives the JSON object that a client sent, of at most 16 KiB, by its fields.
func readJSON(w http.ResponseWriter, r *http.Request) (map[string]json.RawMessage, *apiError) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, &apiError{status: http.StatusUnsupportedMediaType, code: "unsupported_media_type", message: "Send application/json."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return nil, &apiError{status: http.StatusRequestEntityTooLarge, code: "body_too_large", message: "Send at most 16 KiB."}
	}
	var fields map[string]json.RawMessage
	if err != nil || json.Unmarshal(body, &fields) != nil || fields == nil {
		return nil, &apiError{status: http.StatusBadRequest, code: "malformed_json", message: "The body is not a JSON object."}
	}
	return fields, nil
}
