package main

import (
	"os"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// writeKubeconfig writes a kubeconfig for server with two contexts of a cluster
// administrator: "admin" by client certificate (the current one) and
// "admin-token" by bearer token. Certificates are embedded, so the file can be
// copied; only its owner can read it.
func writeKubeconfig(name, server string, creds pki) error {
	ca, err := os.ReadFile(creds.path("ca.crt"))
	if err != nil {
		return err
	}
	cert, err := os.ReadFile(creds.path("admin.crt"))
	if err != nil {
		return err
	}
	key, err := os.ReadFile(creds.path("admin.key"))
	if err != nil {
		return err
	}
	cfg := clientcmdapi.NewConfig()
	cfg.Clusters["local"] = &clientcmdapi.Cluster{Server: server, CertificateAuthorityData: ca}
	cfg.AuthInfos["admin"] = &clientcmdapi.AuthInfo{ClientCertificateData: cert, ClientKeyData: key}
	cfg.AuthInfos["admin-token"] = &clientcmdapi.AuthInfo{Token: creds.token}
	cfg.Contexts["admin"] = &clientcmdapi.Context{Cluster: "local", AuthInfo: "admin"}
	cfg.Contexts["admin-token"] = &clientcmdapi.Context{Cluster: "local", AuthInfo: "admin-token"}
	cfg.CurrentContext = "admin"
	return clientcmd.WriteToFile(*cfg, name)
}
