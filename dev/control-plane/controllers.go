package main

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/controller-manager/pkg/informerfactory"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller/garbagecollector"
	"k8s.io/kubernetes/pkg/controller/namespace"
	"k8s.io/kubernetes/pkg/controller/serviceaccount"
)

// gcSyncPeriod is how soon the garbage collector takes up the kinds of a new CRD.
const gcSyncPeriod = 5 * time.Second

// runControllers runs the three controllers of kube-controller-manager that a
// test notices when they are missing: namespaces really go away, dependents of
// a deleted owner are collected, and each namespace gets its "default"
// ServiceAccount. It returns nil when ctx ends.
func runControllers(ctx context.Context, kubeconfig string) error {
	cfg, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	cfg.QPS, cfg.Burst = 500, 1000 // the default of 5 a second makes tests wait
	client, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		return err
	}
	meta, err := metadata.NewForConfig(cfg)
	if err != nil {
		return err
	}
	discovery := client.Discovery()
	typed := informers.NewSharedInformerFactory(client, 0)
	metaInformers := metadatainformer.NewSharedInformerFactory(meta, 0)
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(discovery))

	namespaces := namespace.NewNamespaceController(ctx, client, meta,
		discovery.ServerPreferredNamespacedResources,
		typed.Core().V1().Namespaces(), 5*time.Minute, corev1.FinalizerKubernetes)
	serviceAccounts, err := serviceaccount.NewServiceAccountsController(klog.FromContext(ctx),
		typed.Core().V1().ServiceAccounts(), typed.Core().V1().Namespaces(), client,
		serviceaccount.DefaultServiceAccountsControllerOptions())
	if err != nil {
		return fmt.Errorf("serviceaccount controller: %w", err)
	}
	started := make(chan struct{})
	collector, err := garbagecollector.NewGarbageCollector(ctx, client, meta, mapper,
		garbagecollector.DefaultIgnoredResources(),
		informerfactory.NewInformerFactory(typed, metaInformers), started)
	if err != nil {
		return fmt.Errorf("garbage collector: %w", err)
	}
	go namespaces.Run(ctx, 5)
	go serviceAccounts.Run(ctx, 1)
	go collector.Run(ctx, 5, 10*time.Second)
	go collector.Sync(ctx, discovery, gcSyncPeriod)
	typed.Start(ctx.Done())
	metaInformers.Start(ctx.Done())
	close(started)
	<-ctx.Done()
	return nil
}
