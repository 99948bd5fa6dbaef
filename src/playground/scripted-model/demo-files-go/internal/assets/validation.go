package assets

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Problem is one wrong field of what a client sent.
type Problem struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

const maxLabels = 20

var (
	label      = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	domain     = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
	repository = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,38}/[a-z0-9._-]{1,100}$`)
	fields     = []string{"kind", "identifier", "labels"}
)

// rule says how the identifier of a kind is written: its normal form, the check of it, and what was expected.
type rule struct {
	normal   func(string) string
	valid    func(string) bool
	expected string
}

var rules = map[Kind]rule{
	Domain: {
		normal:   func(text string) string { return strings.TrimSuffix(strings.ToLower(text), ".") },
		valid:    func(text string) bool { return len(text) <= 253 && domain.MatchString(text) },
		expected: "a domain name such as shop.example.com",
	},
	IPv4: {
		normal:   func(text string) string { return text },
		valid:    func(text string) bool { address, err := netip.ParseAddr(text); return err == nil && address.Is4() },
		expected: "an IPv4 address such as 192.0.2.10",
	},
	Repository: {
		normal:   strings.ToLower,
		valid:    repository.MatchString,
		expected: "a repository such as acme/shop",
	},
}

// Parse checks what a client wants to add. It returns the asset in normal form, so that two spellings of one thing are
// equal, or every wrong field, not only the first. The asset has no id and no time yet.
func Parse(sent map[string]json.RawMessage) (Asset, []Problem) {
	var asset Asset
	problems := unknown(sent)
	if json.Unmarshal(sent["kind"], &asset.Kind) != nil || rules[asset.Kind].valid == nil {
		problems = append(problems, Problem{"kind", "Expected one of domain, ipv4, repository."})
	}
	problems = append(problems, identifier(sent["identifier"], &asset)...)
	return asset, append(problems, labels(sent["labels"], &asset)...)
}

func unknown(sent map[string]json.RawMessage) []Problem {
	var problems []Problem
	for field := range sent {
		if !slices.Contains(fields, field) {
			message := fmt.Sprintf("There is no such field; use %s.", strings.Join(fields, ", "))
			problems = append(problems, Problem{field, message})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Field, b.Field) })
	return problems
}

func identifier(sent json.RawMessage, asset *Asset) []Problem {
	var text string
	if json.Unmarshal(sent, &text) != nil || strings.TrimSpace(text) == "" {
		return []Problem{{"identifier", "Expected a text that is not empty."}}
	}
	rule, known := rules[asset.Kind]
	if !known {
		return nil
	}
	asset.Identifier = rule.normal(strings.TrimSpace(text))
	if !rule.valid(asset.Identifier) {
		return []Problem{{"identifier", fmt.Sprintf("Expected %s.", rule.expected)}}
	}
	return nil
}

func labels(sent json.RawMessage, asset *Asset) []Problem {
	asset.Labels = []string{}
	if sent == nil {
		return nil
	}
	var given []string
	err := json.Unmarshal(sent, &given)
	wrong := slices.ContainsFunc(given, func(text string) bool { return !label.MatchString(text) })
	if err != nil || given == nil || wrong || len(given) > maxLabels {
		message := fmt.Sprintf("Expected at most %d labels of lower-case letters, digits and hyphens.", maxLabels)
		return []Problem{{"labels", message}}
	}
	for _, text := range given {
		if !slices.Contains(asset.Labels, text) {
			asset.Labels = append(asset.Labels, text)
		}
	}
	return nil
}
