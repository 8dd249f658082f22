package main

// Runs without Kubernetes being compiled: go test pki.go pki_test.go

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// newPKI makes one in a temporary folder.
func newPKI(t *testing.T) pki {
	t.Helper()
	p, err := loadOrCreatePKI(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// verify checks that a certificate is signed by the authority and good for usage.
func verify(t *testing.T, p pki, name, dnsName string, usage x509.ExtKeyUsage) *x509.Certificate {
	t.Helper()
	ca, err := os.ReadFile(p.path("ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	pair, err := tls.LoadX509KeyPair(p.path(name+".crt"), p.path(name+".key"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: dnsName, KeyUsages: []x509.ExtKeyUsage{usage}})
	if err != nil {
		t.Error(err)
	}
	return pair.Leaf
}

func TestServerCertificateIsGoodForLoopback(t *testing.T) {
	p := newPKI(t)
	for _, host := range []string{"127.0.0.1", "localhost", "kubernetes.default.svc"} {
		verify(t, p, "server", host, x509.ExtKeyUsageServerAuth)
	}
}

func TestAdminCertificateBelongsToSystemMasters(t *testing.T) {
	cert := verify(t, newPKI(t), "admin", "", x509.ExtKeyUsageClientAuth)
	if got := cert.Subject.Organization; !reflect.DeepEqual(got, []string{"system:masters"}) {
		t.Errorf("organization: %v", got)
	}
}

func TestServerCertificateIsNoClientCertificate(t *testing.T) {
	p := newPKI(t)
	pair, err := tls.LoadX509KeyPair(p.path("server.crt"), p.path("server.key"))
	if err != nil {
		t.Fatal(err)
	}
	if got := pair.Leaf.ExtKeyUsage; !reflect.DeepEqual(got, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}) {
		t.Errorf("usage: %v", got)
	}
}

func TestServiceAccountKeyIsPrivateKey(t *testing.T) {
	p := newPKI(t)
	data, err := os.ReadFile(p.path("sa.key"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	if _, err := x509.ParseECPrivateKey(block.Bytes); err != nil {
		t.Error(err)
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	p := newPKI(t)
	names, err := filepath.Glob(p.path("*"))
	if err != nil || len(names) != 9 {
		t.Fatalf("files: %v, %v", names, err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %o", name, got)
		}
	}
}

func TestSecondStartKeepsEverything(t *testing.T) {
	p := newPKI(t)
	before, _ := os.ReadFile(p.path("server.key"))

	again, err := loadOrCreatePKI(p.dir)
	if err != nil {
		t.Fatal(err)
	}

	after, _ := os.ReadFile(p.path("server.key"))
	if again.token != p.token || string(before) != string(after) {
		t.Error("token or key have changed")
	}
}

func TestStartThatWasKilledHalfwayIsMadeAnew(t *testing.T) {
	p := newPKI(t)
	if err := os.Remove(p.path("token")); err != nil { // the file written last
		t.Fatal(err)
	}

	again, err := loadOrCreatePKI(p.dir)
	if err != nil {
		t.Fatal(err)
	}

	if again.token == "" || again.token == p.token {
		t.Errorf("token: %q", again.token)
	}
	verify(t, again, "server", "127.0.0.1", x509.ExtKeyUsageServerAuth)
}

func TestUnreadableTokenIsAnError(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "token"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := loadOrCreatePKI(dir); err == nil {
		t.Error("no error")
	}
}
