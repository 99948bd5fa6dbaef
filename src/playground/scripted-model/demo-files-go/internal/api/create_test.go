package api

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"example.com/asset-inventory/internal/assets"
)

func post(t *testing.T, handler http.Handler, body string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/api/assets", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

func TestANewAssetIsStoredAndAnsweredWithItsIDAndTime(t *testing.T) {
	handler := New(assets.NewStore())

	answer := post(t, handler, `{"kind":"domain","identifier":"shop.example.com"}`)

	if answer.Code != http.StatusCreated {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	created := decode[assets.Asset](t, answer)
	if len(created.ID) != 36 || created.CreatedAt.IsZero() || created.Identifier != "shop.example.com" {
		t.Errorf("got %+v", created)
	}
	want := list{Assets: []assets.Asset{created}, Total: 1}
	if got := decode[list](t, get(t, handler, "/api/assets")); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestAnAssetThatIsNotValidIsRefusedAndNotStored(t *testing.T) {
	handler := New(assets.NewStore())

	answer := post(t, handler, `{"kind":"ipv4","identifier":"300.1.1.1"}`)

	if answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), `"field":"identifier"`) {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
	if got := decode[list](t, get(t, handler, "/api/assets")).Total; got != 0 {
		t.Errorf("%d assets are stored", got)
	}
}
