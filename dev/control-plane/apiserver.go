package main

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/spf13/pflag"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/client-go/rest"
	basecompatibility "k8s.io/component-base/compatibility"
	logsapi "k8s.io/component-base/logs/api/v1"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

// apiServer is a kube-apiserver whose flags are checked and that is not started yet.
type apiServer struct {
	port    int
	options options.CompletedOptions
}

// newAPIServer prepares a kube-apiserver on the open listener ln. The extra
// flags come last, so they win. Flags that kube-apiserver refuses make a [usageError].
//
// It and [apiServer.start] do what app.NewAPIServerCommand does, but with a
// listener that is already open (no race for the port) and an end that the
// caller decides. It can be called once a process: feature gates are global.
func newAPIServer(ln net.Listener, creds pki, etcdURL string, extra []string) (*apiServer, error) {
	port := ln.Addr().(*net.TCPAddr).Port
	opts := options.NewServerRunOptions()
	flags := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	flags.Usage = func() {} // hundreds of flags
	for _, set := range opts.Flags().FlagSets {
		flags.AddFlagSet(set)
	}
	if err := flags.Parse(append(apiServerFlags(port, creds, etcdURL), extra...)); err != nil {
		return nil, usageError{err}
	}
	if flags.NArg() > 0 {
		return nil, usageError{fmt.Errorf("unexpected argument %q", flags.Arg(0))}
	}
	opts.SecureServing.Listener = ln
	registry := opts.GenericServerRunOptions.ComponentGlobalsRegistry
	if err := registry.Set(); err != nil {
		return nil, usageError{err}
	}
	rest.SetDefaultWarningHandler(rest.NoWarnings{}) // else it warns about its own requests
	if err := logsapi.ValidateAndApply(opts.Logs, registry.FeatureGateFor(basecompatibility.DefaultKubeComponent)); err != nil {
		return nil, usageError{err}
	}
	completed, err := opts.Complete(context.Background())
	if err != nil {
		return nil, err
	}
	if errs := completed.Validate(); len(errs) != 0 {
		return nil, usageError{utilerrors.NewAggregate(errs)}
	}
	return &apiServer{port: port, options: completed}, nil
}

// url is where the server answers.
func (s *apiServer) url() string { return fmt.Sprintf("https://127.0.0.1:%d", s.port) }

// start runs the server until stop is called. Its end, asked for or not, is
// told once on ended.
func (s *apiServer) start() (ended <-chan error, stop func()) {
	ctx, stop := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- app.Run(ctx, s.options) }()
	return result, stop
}

// apiServerFlags are the flags that make kube-apiserver work alone on loopback.
func apiServerFlags(port int, creds pki, etcdURL string) []string {
	return []string{
		"--etcd-servers=" + etcdURL,
		"--bind-address=127.0.0.1",
		"--secure-port=" + strconv.Itoa(port),
		"--advertise-address=127.0.0.1",
		// A loopback address is refused as an endpoint of default/kubernetes.
		"--endpoint-reconciler-type=none",
		"--service-cluster-ip-range=10.0.0.0/24",
		"--tls-cert-file=" + creds.path("server.crt"),
		"--tls-private-key-file=" + creds.path("server.key"),
		"--client-ca-file=" + creds.path("ca.crt"),
		"--token-auth-file=" + creds.path("tokens.csv"),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + creds.path("sa.key"),
		"--service-account-signing-key-file=" + creds.path("sa.key"),
		"--authorization-mode=RBAC",
		// No controllers run here by default: without the one for ServiceAccounts
		// the first plugin refuses every pod, and the taint that the second puts
		// on a new node would never be removed.
		"--disable-admission-plugins=ServiceAccount,TaintNodesByCondition",
		"--enable-priority-and-fairness=false",
		"--profiling=false",
		// Without these two, stopping takes 60 s as soon as one watch is open.
		"--shutdown-watch-termination-grace-period=1s",
		"--shutdown-send-retry-after=true",
	}
}
