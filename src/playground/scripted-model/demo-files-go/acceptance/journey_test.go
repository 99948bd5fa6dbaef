// Package acceptance tests the service as an operator starts it: a process of its own, reached by its address alone.
package acceptance

import (
	"bufio"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

type service struct {
	url     string
	process *exec.Cmd
}

func start(t *testing.T) service {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "asset-inventory")
	if output, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput(); err != nil {
		t.Fatalf("build the service: %v\n%s", err, output)
	}
	process := exec.Command(binary, "-address", "127.0.0.1:0")
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Process.Kill() })
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the service ended before it was listening: %v", err)
	}
	return service{strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), process}
}

func (s service) add(t *testing.T, body string) (int, string) {
	t.Helper()
	response, err := http.Post(s.url+"/api/assets", "application/json", strings.NewReader(body))
	return read(t, response, err)
}

func (s service) list(t *testing.T) string {
	t.Helper()
	response, err := http.Get(s.url + "/api/assets")
	_, text := read(t, response, err)
	return text
}

func read(t *testing.T, response *http.Response, err error) (int, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(text))
}

func TestATeamBuildsUpItsInventory(t *testing.T) {
	s := start(t)
	var created []string
	for _, body := range []string{
		`{"kind":"domain","identifier":"shop.example.com","labels":["public"]}`,
		`{"kind":"ipv4","identifier":"192.0.2.10"}`,
		`{"kind":"repository","identifier":"acme/shop","labels":["code"]}`,
	} {
		status, text := s.add(t, body)
		if status != http.StatusCreated {
			t.Fatalf("got %d %s", status, text)
		}
		created = append(created, text)
	}
	if got, want := s.list(t), `{"assets":[`+strings.Join(created, ",")+`],"total":3}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestMistakesAreExplainedAndCostNothing(t *testing.T) {
	s := start(t)
	s.add(t, `{"kind":"domain","identifier":"shop.example.com"}`)

	if status, text := s.add(t, `{"kind":"domain","identifier":"not a domain"}`); status != 422 || !strings.Contains(text, "a domain name such as") {
		t.Errorf("got %d %s", status, text)
	}
	if status, text := s.add(t, `{"kind":"domain","identifier":"Shop.Example.com"}`); status != 409 {
		t.Errorf("got %d %s", status, text)
	}
	if got := s.list(t); !strings.HasSuffix(got, `"total":1}`) {
		t.Errorf("got %s", got)
	}
}

func TestAnOperatorsStopIsClean(t *testing.T) {
	s := start(t)
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		t.Errorf("the service ended with %v", err)
	}
}
