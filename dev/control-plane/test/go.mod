module kube-control-plane/test

go 1.26.0
