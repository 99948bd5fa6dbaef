package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"example.com/asset-inventory/internal/assets"
)

const shopJSON = `{"kind":"domain","identifier":"shop.example.com","labels":["public"]}`

// serve runs the whole service on a port of its own.
func serve(t *testing.T, kept ...assets.Asset) string {
	t.Helper()
	server := httptest.NewServer(New(assets.NewStore(kept...)))
	t.Cleanup(server.Close)
	return server.URL + "/api/assets"
}

func send(t *testing.T, url, contentType, body string) (int, string) {
	t.Helper()
	response, err := http.Post(url, contentType, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response.StatusCode, string(text)
}

func wantTotal(t *testing.T, url, total string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); err != nil || !strings.Contains(string(text), `"total":`+total+"}") {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestADuplicateIsRefusedInAnySpellingWithTheIDThatIsThere(t *testing.T) {
	url := serve(t, shop)
	for _, body := range []string{shopJSON, strings.Replace(shopJSON, "shop.example.com", "SHOP.example.com.", 1)} {
		status, text := send(t, url, "application/json", body)
		if status != http.StatusConflict || !strings.Contains(text, shop.ID) {
			t.Errorf("got %d %s", status, text)
		}
	}
	wantTotal(t, url, "1")
}

func TestOfEqualRequestsAtTheSameMomentExactlyOneSucceeds(t *testing.T) {
	url := serve(t)
	statuses := make([]int, 8)
	var wait sync.WaitGroup
	for i := range statuses {
		wait.Add(1)
		go func() {
			defer wait.Done()
			statuses[i], _ = send(t, url, "application/json", shopJSON)
		}()
	}
	wait.Wait()
	created := 0
	for _, status := range statuses {
		if status == http.StatusCreated {
			created++
		} else if status != http.StatusConflict {
			t.Errorf("got %d", status)
		}
	}
	if created != 1 {
		t.Errorf("%d succeeded", created)
	}
	wantTotal(t, url, "1")
}

func TestWhatIsRefusedLeavesNothingBehind(t *testing.T) {
	url := serve(t)
	for _, c := range []struct {
		name, contentType, body, code string
		status                        int
	}{
		{"wrong fields", "application/json", `{"kind":"x","identifier":""}`, "invalid_asset", 422},
		{"half an object", "application/json", `{`, "malformed_json", 400},
		{"nothing", "application/json", ``, "malformed_json", 400},
		{"a list", "application/json", `[]`, "malformed_json", 400},
		{"null", "application/json", `null`, "malformed_json", 400},
		{"a form", "application/x-www-form-urlencoded", `kind=domain`, "unsupported_media_type", 415},
		{"too much", "application/json", `{"kind":"` + strings.Repeat("x", 16<<10) + `"}`, "body_too_large", 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, text := send(t, url, c.contentType, c.body)
			if status != c.status || !strings.Contains(text, `"code":"`+c.code+`"`) {
				t.Errorf("got %d %s", status, text)
			}
		})
	}
	wantTotal(t, url, "0")
}

func TestAContentTypeMayHaveParameters(t *testing.T) {
	if status, text := send(t, serve(t), "Application/JSON; charset=utf-8", shopJSON); status != http.StatusCreated {
		t.Errorf("got %d %s", status, text)
	}
}
