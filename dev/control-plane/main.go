// kube-control-plane runs a real kube-apiserver and an embedded etcd in one
// process, on loopback only, for development and tests.
//
// It writes DIR/kubeconfig (cluster-admin by client certificate; the context
// "admin-token" uses a static bearer token), DIR/ca.crt and DIR/token, prints
// "READY https://127.0.0.1:PORT DIR/kubeconfig" on stdout once /readyz is ok,
// and stops cleanly on SIGTERM or SIGINT. It exits with 0 when it was asked to
// stop, 2 for wrong flags, 1 for anything else.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage: kube-control-plane --dir DIR [flags] [-- kube-apiserver flags...]

Runs kube-apiserver and etcd in one process on 127.0.0.1.

`

func main() {
	var cfg config
	flag.Usage = printUsage
	flag.StringVar(&cfg.dir, "dir", "", "data `folder` (required); a cluster that it already holds is used again")
	flag.IntVar(&cfg.port, "port", 0, "port on 127.0.0.1; 0 picks a free one")
	flag.BoolVar(&cfg.controllers, "controllers", false, "also run the namespace, garbage-collector and default-ServiceAccount controllers")
	stdinEOF := flag.Bool("exit-on-stdin-eof", false, "stop when standard input closes, so that no server outlives its test runner")
	flag.Parse()
	cfg.apiServerFlags = flag.Args()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	if *stdinEOF {
		go func() { _, _ = io.Copy(io.Discard, os.Stdin); stop() }()
	}
	if err := run(ctx, cfg); err != nil {
		fmt.Fprintln(os.Stderr, "kube-control-plane:", err)
		os.Exit(exitCode(err))
	}
}

// printUsage writes the help text to stderr.
func printUsage() {
	fmt.Fprint(os.Stderr, usage)
	flag.PrintDefaults()
}

// exitCode is 2 for a [usageError], as the flag package has it, and 1 otherwise.
func exitCode(err error) int {
	var wrong usageError
	if errors.As(err, &wrong) {
		return 2
	}
	return 1
}
