package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// config is what the command line asks for.
type config struct {
	dir            string
	port           int // 0 picks a free one
	controllers    bool
	apiServerFlags []string // win over our own
}

// usageError says that the command line is wrong, and how.
type usageError struct{ error }

// validate returns a [usageError] for the first thing wrong with c.
func (c config) validate() error {
	switch {
	case c.dir == "":
		return usageError{errors.New("--dir is required")}
	case c.port < 0 || c.port > 65535:
		return usageError{fmt.Errorf("--port %d is not between 0 and 65535", c.port)}
	}
	return nil
}

// run starts everything in order and blocks until ctx ends or a part fails.
// It returns nil only when ctx ended and all parts stopped cleanly.
func run(ctx context.Context, cfg config) error {
	if err := cfg.validate(); err != nil {
		return err
	}
	dir, err := filepath.Abs(cfg.dir)
	if err != nil {
		return err
	}
	unlock, err := lockDir(dir)
	if err != nil {
		return err
	}
	defer unlock()
	creds, err := loadOrCreatePKI(dir)
	if err != nil {
		return fmt.Errorf("certificates: %w", err)
	}
	ln, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(cfg.port)))
	if err != nil {
		return err
	}
	sockets, err := newSocketDir(dir)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	defer os.RemoveAll(sockets)
	// Before etcd, which takes longer: a wrong flag is refused at once.
	api, err := newAPIServer(ln, creds, etcdClientURL(sockets), cfg.apiServerFlags)
	if err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	kubeconfig := filepath.Join(dir, "kubeconfig")
	if err := writeKubeconfig(kubeconfig, api.url(), creds); err != nil {
		return fmt.Errorf("kubeconfig: %w", err)
	}
	etcd, err := startEtcd(filepath.Join(dir, "etcd"), sockets)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	err = serve(ctx, api, creds, kubeconfig, cfg.controllers)
	if errors.Is(err, errStoppedEarly) {
		return nil
	}
	etcd.Close()
	return err
}

// errStoppedEarly says that the end was asked for before READY. Then the
// process just ends, as if killed, which the data survives: a kube-apiserver
// that is stopped while it starts exits with 255 or takes 30 s, and it panics
// when its etcd or listener is closed before it.
var errStoppedEarly = errors.New("stopped before it was ready")

// serve starts api, says READY, and blocks until ctx ends or something fails.
// It leaves api running only with [errStoppedEarly].
func serve(ctx context.Context, api *apiServer, creds pki, kubeconfig string, controllers bool) error {
	ended, stop := api.start()
	ready := make(chan error, 1)
	go func() { ready <- waitReady(ctx, api.url(), creds) }()
	select {
	case err := <-ended:
		return unexpected(err)
	case err := <-ready:
		if ctx.Err() != nil {
			return errStoppedEarly
		}
		if err != nil {
			return err
		}
	}
	fmt.Printf("READY %s %s\n", api.url(), kubeconfig)

	failed := make(chan error, 1)
	if controllers {
		go func() {
			if err := runControllers(ctx, kubeconfig); err != nil {
				failed <- fmt.Errorf("controllers: %w", err)
			}
		}()
	}
	select {
	case err := <-ended:
		return unexpected(err)
	case err := <-failed:
		stop()
		<-ended
		return err
	case <-ctx.Done():
		stop()
		return <-ended
	}
}

// unexpected is the error for a kube-apiserver that ended unasked, perhaps without one.
func unexpected(err error) error {
	if err == nil {
		err = errors.New("stopped by itself")
	}
	return fmt.Errorf("kube-apiserver: %w", err)
}

// lockDir creates dir if need be and takes it for this process, or says which
// process has it. The lock goes with the process, also when that is killed.
func lockDir(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, "lock")
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	// Two servers on one folder: etcd itself would wait for ever.
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder, _ := os.ReadFile(name)
		_ = file.Close()
		return nil, fmt.Errorf("%s is in use by another kube-control-plane (process %s)", dir, strings.TrimSpace(string(holder)))
	}
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	if err := os.WriteFile(name, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		_ = file.Close()
		return nil, err
	}
	return func() { _ = file.Close() }, nil
}
