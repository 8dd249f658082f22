package test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// client speaks to one server as one user.
type client struct {
	url   string
	token string
	http  *http.Client
}

// tokenClient uses DIR/ca.crt and DIR/token.
func (s *server) tokenClient(t *testing.T) *client {
	t.Helper()
	return s.client(t, readFile(t, s.dir, "token"))
}

// client uses DIR/ca.crt, a token (may be empty) and certificates (may be none).
func (s *server) client(t *testing.T, token string, certs ...tls.Certificate) *client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(readFile(t, s.dir, "ca.crt")))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: certs}}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{url: s.url, token: token, http: &http.Client{Transport: transport}}
}

// certificateClient uses the client certificate embedded in the kubeconfig.
func (s *server) certificateClient(t *testing.T) *client {
	t.Helper()
	kubeconfig := readFile(t, s.dir, "kubeconfig")
	if embedded(t, kubeconfig, "certificate-authority-data") != readFile(t, s.dir, "ca.crt") {
		t.Error("the kubeconfig has another authority than ca.crt")
	}
	cert := embedded(t, kubeconfig, "client-certificate-data")
	pair, err := tls.X509KeyPair([]byte(cert), []byte(embedded(t, kubeconfig, "client-key-data")))
	if err != nil {
		t.Fatal(err)
	}
	return s.client(t, "", pair)
}

// embedded is a base64 field of a kubeconfig, which has each only once.
func embedded(t *testing.T, kubeconfig, field string) string {
	t.Helper()
	match := regexp.MustCompile(`(?m)^ +` + field + `: (\S+)$`).FindStringSubmatch(kubeconfig)
	if match == nil {
		t.Fatalf("no %s in the kubeconfig", field)
	}
	data, err := base64.StdEncoding.DecodeString(match[1])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// call sends a request and returns the status and the body.
func (c *client) call(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	resp := c.open(ctx, t, method, path, body)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

// open sends a request; the caller reads and closes the body.
func (c *client) open(ctx context.Context, t *testing.T, method, path, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// object is what the tests read of any Kubernetes object.
type object struct {
	Metadata struct{ UID string }
	Data     map[string]string
}

// get reads an object that must exist.
func (c *client) get(t *testing.T, path string) object {
	t.Helper()
	status, body := c.call(t, http.MethodGet, path, "")
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, status, body)
	}
	return decode(t, body)
}

// create makes an object and returns it.
func (c *client) create(t *testing.T, path, body string) object {
	t.Helper()
	status, answer := c.call(t, http.MethodPost, path, body)
	if status != http.StatusCreated {
		t.Fatalf("POST %s: %d %s", path, status, answer)
	}
	return decode(t, answer)
}

// delete removes an object; its dependents follow in the background.
func (c *client) delete(t *testing.T, path string) {
	t.Helper()
	if status, body := c.call(t, http.MethodDelete, path, ""); status != http.StatusOK {
		t.Fatalf("DELETE %s: %d %s", path, status, body)
	}
}

// eventually waits until a GET answers with the wanted status.
func (c *client) eventually(t *testing.T, path string, want int) {
	t.Helper()
	status := 0
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if status, _ = c.call(t, http.MethodGet, path, ""); status == want {
			return
		}
	}
	t.Errorf("GET %s: still %d, not %d", path, status, want)
}

func decode(t *testing.T, body string) object {
	t.Helper()
	var o object
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
