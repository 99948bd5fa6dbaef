package assets

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func parse(t *testing.T, text string) (Asset, []string) {
	t.Helper()
	var sent map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &sent); err != nil {
		t.Fatal(err)
	}
	asset, problems := Parse(sent)
	wrong := []string{}
	for _, problem := range problems {
		wrong = append(wrong, problem.Field)
	}
	return asset, wrong
}

func TestIdentifiersAreBroughtToTheirNormalForm(t *testing.T) {
	for _, c := range []struct{ name, kind, identifier, want string }{
		{"a domain in capitals", "domain", " Shop.Example.COM ", "shop.example.com"},
		{"a domain with its final dot", "domain", "shop.example.com.", "shop.example.com"},
		{"an address", "ipv4", "192.0.2.10", "192.0.2.10"},
		{"a repository in capitals", "repository", "Acme/Shop.js", "acme/shop.js"},
	} {
		t.Run(c.name, func(t *testing.T) {
			asset, wrong := parse(t, fmt.Sprintf(`{"kind":%q,"identifier":%q}`, c.kind, c.identifier))
			if len(wrong) > 0 || asset.Identifier != c.want {
				t.Errorf("got %q, wrong: %v", asset.Identifier, wrong)
			}
		})
	}
}

func TestIdentifiersThatAreRefused(t *testing.T) {
	for _, c := range []struct{ kind, identifier string }{
		{"domain", "example"},
		{"domain", "-shop.example.com"},
		{"domain", "shop..example.com"},
		{"domain", strings.Repeat("a", 64) + ".example.com"},
		{"domain", strings.Repeat("a.", 126) + "example"},
		{"domain", "shop.example.com/path"},
		{"ipv4", "256.0.0.1"},
		{"ipv4", "192.0.2"},
		{"ipv4", "2001:db8::1"},
		{"repository", "acme"},
		{"repository", "acme/shop/extra"},
		{"repository", "../shop"},
		{"domain", "   "},
	} {
		t.Run(c.kind+" "+c.identifier, func(t *testing.T) {
			_, wrong := parse(t, fmt.Sprintf(`{"kind":%q,"identifier":%q}`, c.kind, c.identifier))
			if !slices.Equal(wrong, []string{"identifier"}) {
				t.Errorf("wrong: %v", wrong)
			}
		})
	}
}

func TestLabelsAreOptionalAndCountOnce(t *testing.T) {
	asset, wrong := parse(t, `{"kind":"ipv4","identifier":"192.0.2.10"}`)
	if len(wrong) > 0 || asset.Labels == nil || len(asset.Labels) != 0 {
		t.Errorf("got %#v, wrong: %v", asset.Labels, wrong)
	}
	asset, wrong = parse(t, `{"kind":"ipv4","identifier":"192.0.2.10","labels":["a","b","a"]}`)
	if len(wrong) > 0 || !slices.Equal(asset.Labels, []string{"a", "b"}) {
		t.Errorf("got %v, wrong: %v", asset.Labels, wrong)
	}
}

func TestLabelsThatAreRefused(t *testing.T) {
	many := "[" + strings.Repeat(`"x",`, 20) + `"x"]`
	long := fmt.Sprintf(`["%s"]`, strings.Repeat("x", 33))
	for _, labels := range []string{`"public"`, `["Public"]`, `[""]`, `[7]`, `null`, long, many} {
		t.Run(labels, func(t *testing.T) {
			_, wrong := parse(t, fmt.Sprintf(`{"kind":"ipv4","identifier":"192.0.2.10","labels":%s}`, labels))
			if !slices.Equal(wrong, []string{"labels"}) {
				t.Errorf("wrong: %v", wrong)
			}
		})
	}
}

func TestEveryWrongFieldIsReportedAtOnce(t *testing.T) {
	_, wrong := parse(t, `{"owner":"me","id":"mine","kind":"printer","identifier":7,"labels":1}`)
	if want := []string{"id", "owner", "kind", "identifier", "labels"}; !slices.Equal(wrong, want) {
		t.Errorf("wrong: %v", wrong)
	}
}

func TestNothingAtAllIsRefused(t *testing.T) {
	if _, wrong := parse(t, `{}`); !slices.Equal(wrong, []string{"kind", "identifier"}) {
		t.Errorf("wrong: %v", wrong)
	}
}
