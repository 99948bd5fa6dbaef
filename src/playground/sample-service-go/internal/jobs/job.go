// Package jobs is the work of looking: one job lets one capability look at one asset.
package jobs

import (
	"encoding/json"
	"fmt"
	"io"

	"example.com/surface/internal/assets"
)

// Job asks for one look.
type Job struct {
	ID         string      `json:"id"`
	Capability string      `json:"capability"`
	Kind       assets.Kind `json:"kind"`
	Identifier string      `json:"identifier"`
}

// Asset is what the job looks at.
func (j Job) Asset() assets.Asset {
	return assets.Asset{Kind: j.Kind, Identifier: j.Identifier, Labels: []string{}}
}

// Read takes jobs from a stream of JSON values, in their order.
func Read(from io.Reader) ([]Job, error) {
	decoder := json.NewDecoder(from)
	decoder.DisallowUnknownFields()
	read := []Job{}
	for {
		var job Job
		if err := decoder.Decode(&job); err == io.EOF {
			return read, nil
		} else if err != nil {
			return nil, fmt.Errorf("job %d: %w", len(read)+1, err)
		}
		if job.ID == "" {
			return nil, fmt.Errorf("job %d has no id", len(read)+1)
		}
		read = append(read, job)
	}
}
