package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"time"
)

// readyPollInterval is short beside the two seconds that a start takes.
const readyPollInterval = 50 * time.Millisecond

// waitReady returns nil once server answers /readyz with ok, asked as a real
// client would: certificate checked, with the token. It fails when ctx ends.
func waitReady(ctx context.Context, server string, creds pki) error {
	ca, err := os.ReadFile(creds.path("ca.crt"))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	client := &http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}},
	}
	defer client.CloseIdleConnections()
	for !isReady(ctx, client, server, creds.token) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(readyPollInterval):
		}
	}
	return nil
}

// isReady asks once; whatever goes wrong means no.
func isReady(ctx context.Context, client *http.Client, server, token string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/readyz", nil)
	if err != nil {
		return false
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}
