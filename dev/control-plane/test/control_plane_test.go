// Package test checks a built kube-control-plane from outside. It is a module
// of its own, with the standard library alone, because a test inside the
// program's module would compile all of Kubernetes once more.
//
//	KUBE_CONTROL_PLANE=/path/to/binary go test ./...
package test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const configMaps = "/api/v1/namespaces/default/configmaps"

func TestLife(t *testing.T) {
	s := start(t, t.TempDir())
	admin := s.tokenClient(t)

	t.Run("readyz is ok with the CA and the token", func(t *testing.T) {
		if status, body := admin.call(t, http.MethodGet, "/readyz", ""); status != http.StatusOK || body != "ok" {
			t.Errorf("%d %s", status, body)
		}
	})
	t.Run("the token and the client certificate are a cluster administrator's", func(t *testing.T) {
		for name, c := range map[string]*client{"token": admin, "certificate": s.certificateClient(t)} {
			if status, body := c.call(t, http.MethodGet, "/api/v1/namespaces/kube-system/secrets", ""); status != http.StatusOK {
				t.Errorf("%s: %d %s", name, status, body)
			}
		}
	})
	t.Run("others are refused", func(t *testing.T) {
		if status, body := s.client(t, "wrong").call(t, http.MethodGet, configMaps, ""); status != http.StatusUnauthorized {
			t.Errorf("wrong token: %d %s", status, body)
		}
		if status, body := s.client(t, "").call(t, http.MethodGet, configMaps, ""); status != http.StatusForbidden {
			t.Errorf("nobody: %d %s", status, body)
		}
	})
	t.Run("the kubeconfig has a context for each", func(t *testing.T) {
		kubeconfig := readFile(t, s.dir, "kubeconfig")
		for _, want := range []string{
			"server: " + s.url, "current-context: admin\n", "name: admin-token\n", "token: " + admin.token,
		} {
			if !strings.Contains(kubeconfig, want) {
				t.Errorf("%q is missing", want)
			}
		}
	})
	t.Run("the version is the one in go.mod", func(t *testing.T) {
		want := regexp.MustCompile(`(?m)^\tk8s\.io/kubernetes (v\S+)$`).FindStringSubmatch(readFile(t, "..", "go.mod"))
		if _, body := admin.call(t, http.MethodGet, "/version", ""); !strings.Contains(body, fmt.Sprintf(`"gitVersion": %q`, want[1])) {
			t.Errorf("not %s: %s", want[1], body)
		}
	})
	t.Run("files are for their owner only", func(t *testing.T) {
		files, err := filepath.Glob(filepath.Join(s.dir, "*"))
		if err != nil || len(files) < 12 {
			t.Fatalf("%v %v", files, err)
		}
		for _, name := range files {
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", name, info.Mode())
			}
		}
	})
	t.Run("a second process on the same folder is refused", func(t *testing.T) {
		code, stderr := runToEnd(t, "--dir", s.dir)
		want := fmt.Sprintf("in use by another kube-control-plane (process %d)", s.cmd.Process.Pid)
		if code != 1 || !strings.Contains(stderr, want) {
			t.Errorf("exit %d: %s", code, stderr)
		}
	})
	t.Run("SIGTERM stops it cleanly, with a watch open", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), stopTimeout)
		defer cancel()
		watch := admin.open(ctx, t, http.MethodGet, configMaps+"?watch=true", "")
		defer watch.Body.Close()
		s.terminate(t)
		s.wantCleanExit(t)
	})
}

func TestStdinEOFEndsIt(t *testing.T) {
	s := start(t, t.TempDir())
	if err := s.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	s.wantCleanExit(t)
}

func TestKilledServerComesBack(t *testing.T) {
	dir, port := t.TempDir(), freePort(t)
	killed := start(t, dir, "--port", port)
	before := killed.tokenClient(t)
	created := before.create(t, configMaps, `{"metadata":{"name":"kept"},"data":{"key":"value"}}`)
	// An open connection, whose end lingers in the kernel.
	watch := before.open(t.Context(), t, http.MethodGet, configMaps+"?watch=true", "")
	defer watch.Body.Close()
	killed.kill()

	s := start(t, dir, "--port", port)

	if s.url != "https://127.0.0.1:"+port {
		t.Errorf("it answers at %s", s.url)
	}
	after := s.tokenClient(t)
	if after.token != before.token {
		t.Error("the token has changed")
	}
	kept := after.get(t, configMaps+"/kept")
	if kept.Metadata.UID != created.Metadata.UID || kept.Data["key"] != "value" {
		t.Errorf("created %v, found %v", created, kept)
	}
	if left, _ := os.ReadDir(killed.tmp); len(left) > 0 {
		t.Errorf("the killed process's sockets are still there: %v", left)
	}
	s.terminate(t)
	s.wantCleanExit(t)
}

func TestControllers(t *testing.T) {
	s := start(t, t.TempDir(), "--controllers")
	admin := s.tokenClient(t)

	admin.create(t, "/api/v1/namespaces", `{"metadata":{"name":"team"}}`)
	admin.eventually(t, "/api/v1/namespaces/team/serviceaccounts/default", http.StatusOK)
	admin.delete(t, "/api/v1/namespaces/team")
	admin.eventually(t, "/api/v1/namespaces/team", http.StatusNotFound)

	owner := admin.create(t, configMaps, `{"metadata":{"name":"owner"}}`)
	admin.create(t, configMaps, fmt.Sprintf(`{"metadata":{"name":"owned","ownerReferences":[
		{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":%q}]}}`, owner.Metadata.UID))
	admin.delete(t, configMaps+"/owner")
	admin.eventually(t, configMaps+"/owned", http.StatusNotFound)

	s.terminate(t)
	s.wantCleanExit(t)
}

func TestFlagsForKubeAPIServerWin(t *testing.T) {
	s := start(t, t.TempDir(), "--", "--anonymous-auth=false")
	if status, body := s.client(t, "").call(t, http.MethodGet, "/readyz", ""); status != http.StatusUnauthorized {
		t.Errorf("%d %s", status, body)
	}
}

func TestWrongFlags(t *testing.T) {
	for _, c := range []struct {
		name, want string
		flags      []string
	}{
		{"no folder", "--dir is required", nil},
		{"unknown", "flag provided but not defined: -colour", []string{"--dir", t.TempDir(), "--colour"}},
		{"port is no port", "--port 70000 is not between 0 and 65535", []string{"--dir", t.TempDir(), "--port", "70000"}},
		{"argument without a flag", `unexpected argument "extra"`, []string{"--dir", t.TempDir(), "extra"}},
		{"unknown to kube-apiserver", "unknown flag: --colour", []string{"--dir", t.TempDir(), "--", "--colour"}},
		{"refused by kube-apiserver", "is not a valid mode", []string{"--dir", t.TempDir(), "--", "--authorization-mode=Nobody"}},
		{"unknown feature", "unrecognized feature gate: Nothing", []string{"--dir", t.TempDir(), "--", "--feature-gates=Nothing=true"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stderr := runToEnd(t, c.flags...)
			if code != 2 || !strings.Contains(stderr, c.want) {
				t.Errorf("exit %d: %s", code, stderr)
			}
		})
	}
}

func TestTakenPort(t *testing.T) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	code, stderr := runToEnd(t, "--dir", t.TempDir(), "--port", fmt.Sprint(ln.Addr().(*net.TCPAddr).Port))
	if code != 1 || !strings.Contains(stderr, "address already in use") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

func TestStopBeforeReady(t *testing.T) {
	dir := t.TempDir()
	s := launch(t, dir)
	data := filepath.Join(dir, "etcd", "member")
	for _, err := os.Stat(data); err != nil; _, err = os.Stat(data) {
		time.Sleep(10 * time.Millisecond)
	}
	// By now etcd starts; kube-apiserver is a good second from ready.
	time.Sleep(500 * time.Millisecond)
	s.terminate(t)
	s.wantCleanExit(t)
}
