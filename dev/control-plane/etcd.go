package main

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"go.etcd.io/etcd/server/v3/storage/wal"
)

const (
	socketDirPrefix  = "kcp-"
	etcdStartTimeout = 30 * time.Second
)

// newSocketDir makes a folder for etcd's sockets. It lies in the system's
// folder for temporary files because a socket's path is limited to 107 bytes,
// which dir may exceed. A folder that a killed predecessor in dir left is removed.
func newSocketDir(dir string) (string, error) {
	note := filepath.Join(dir, "sockets")
	if old, err := os.ReadFile(note); err == nil && strings.HasPrefix(filepath.Base(string(old)), socketDirPrefix) {
		_ = os.RemoveAll(string(old))
	}
	sockets, err := os.MkdirTemp("", socketDirPrefix)
	if err != nil {
		return "", err
	}
	return sockets, os.WriteFile(note, []byte(sockets), 0o600)
}

// etcdClientURL is where etcd listens for kube-apiserver.
func etcdClientURL(sockets string) string {
	return socketURL(sockets, "etcd").String()
}

// socketURL names a socket in the folder that [newSocketDir] made.
func socketURL(sockets, name string) *url.URL {
	return &url.URL{Scheme: "unix", Path: filepath.Join(sockets, name)}
}

// startEtcd starts a one-member etcd on the data in dataDir, new or used, and
// returns when it answers. It survives a kill of the process, not a power cut.
func startEtcd(dataDir, sockets string) (*embed.Etcd, error) {
	wal.SegmentSizeBytes = 8 << 20 // 64 MiB by default, preallocated twice
	cfg := embed.NewConfig()
	cfg.Dir = dataDir
	client, peer := socketURL(sockets, "etcd"), socketURL(sockets, "peer")
	cfg.ListenClientUrls, cfg.AdvertiseClientUrls = []url.URL{*client}, []url.URL{*client}
	cfg.ListenPeerUrls, cfg.AdvertisePeerUrls = []url.URL{*peer}, []url.URL{*peer}
	cfg.InitialCluster = cfg.Name + "=" + peer.String()
	cfg.TickMs, cfg.ElectionMs = 10, 100 // the first election ends after ElectionMs: 1 s by default
	cfg.LogLevel = "fatal"               // at "error" a clean stop prints four stack traces
	cfg.UnsafeNoFsync = true             // test data need not outlive a power cut
	cfg.QuotaBackendBytes = 512 << 20
	etcd, err := embed.StartEtcd(cfg)
	if err != nil {
		return nil, err
	}
	select {
	case <-etcd.Server.ReadyNotify():
		return etcd, nil
	case err := <-etcd.Err():
		etcd.Close()
		return nil, err
	case <-time.After(etcdStartTimeout):
		etcd.Close()
		return nil, errors.New("not ready after " + etcdStartTimeout.String())
	}
}
