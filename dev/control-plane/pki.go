package main

// This file and its test use the standard library alone, so that the test can
// run without Kubernetes being compiled: go test pki.go pki_test.go

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// certLifetime is longer than anyone keeps a data folder.
const certLifetime = 10 * 365 * 24 * time.Hour

// pki is the folder of a cluster's certificates and keys (ca, server and
// admin; sa is a key only), and its token of a cluster administrator.
type pki struct {
	dir   string
	token string
}

// path is the full name of one of the files.
func (p pki) path(name string) string { return filepath.Join(p.dir, name) }

// loadOrCreatePKI returns what an earlier start left in dir, or makes it new.
func loadOrCreatePKI(dir string) (pki, error) {
	p := pki{dir: dir}
	token, err := os.ReadFile(p.path("token"))
	switch {
	case err == nil:
		p.token = string(token)
		return p, nil
	case !errors.Is(err, fs.ErrNotExist):
		return p, err
	}
	if err := p.createCertificates(); err != nil {
		return p, err
	}
	return p, p.createToken()
}

// createCertificates writes a new authority, the certificates it signed, and
// the key for ServiceAccount tokens.
func (p pki) createCertificates() error {
	caKey, err := newKey()
	if err != nil {
		return err
	}
	ca := certTemplate("kube-control-plane-ca")
	ca.IsCA = true
	ca.KeyUsage |= x509.KeyUsageCertSign

	server := certTemplate("kube-apiserver")
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	server.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 0, 0, 1)}
	server.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"}

	admin := certTemplate("admin", "system:masters")
	admin.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}

	if err := p.writeSigned("ca", ca, caKey, ca, caKey); err != nil {
		return err
	}
	for name, template := range map[string]*x509.Certificate{"server": server, "admin": admin} {
		key, err := newKey()
		if err != nil {
			return err
		}
		if err := p.writeSigned(name, template, key, ca, caKey); err != nil {
			return err
		}
	}
	saKey, err := newKey()
	if err != nil {
		return err
	}
	return p.writeKey("sa", saKey)
}

// createToken writes a new random token, alone and in kube-apiserver's table.
func (p *pki) createToken() error {
	raw := make([]byte, 20)
	_, _ = rand.Read(raw) // never fails
	p.token = hex.EncodeToString(raw)
	table := fmt.Sprintf("%s,admin,admin-uid,\"system:masters\"\n", p.token)
	if err := os.WriteFile(p.path("tokens.csv"), []byte(table), 0o600); err != nil {
		return err
	}
	// Last, and whole at once: loadOrCreatePKI takes it as the sign that all is there.
	if err := os.WriteFile(p.path("token.new"), []byte(p.token), 0o600); err != nil {
		return err
	}
	return os.Rename(p.path("token.new"), p.path("token"))
}

// writeSigned writes NAME.crt, signed by the authority, and NAME.key.
func (p pki) writeSigned(name string, template *x509.Certificate, key *ecdsa.PrivateKey, ca *x509.Certificate, caKey *ecdsa.PrivateKey) error {
	der, err := x509.CreateCertificate(rand.Reader, template, ca, &key.PublicKey, caKey)
	if err != nil {
		return err
	}
	if err := p.writePEM(name+".crt", "CERTIFICATE", der); err != nil {
		return err
	}
	return p.writeKey(name, key)
}

// writeKey writes NAME.key.
func (p pki) writeKey(name string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return p.writePEM(name+".key", "EC PRIVATE KEY", der)
}

// writePEM writes a file that only its owner can read.
func (p pki) writePEM(name, kind string, der []byte) error {
	return os.WriteFile(p.path(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

// newKey makes an ECDSA key: at once, where RSA would take a good part of a second.
func newKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// certTemplate is a certificate for a user name and its groups, still without a purpose.
func certTemplate(commonName string, organization ...string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // never fails
	now := time.Now()
	return &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: commonName, Organization: organization},
		NotBefore:             now.Add(-time.Hour), // for clocks that are behind
		NotAfter:              now.Add(certLifetime),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
	}
}
