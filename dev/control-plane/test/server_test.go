package test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	readyTimeout = 60 * time.Second
	stopTimeout  = 15 * time.Second
)

// binary is the program under test; without it nothing can be tested.
func binary(t *testing.T) string {
	t.Helper()
	name := os.Getenv("KUBE_CONTROL_PLANE")
	if name == "" {
		t.Fatal("set KUBE_CONTROL_PLANE to the binary that build.sh made")
	}
	return name
}

// server is one running process.
type server struct {
	dir    string
	url    string // empty until it is ready
	tmp    string // its folder for temporary files
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout chan string // its lines
	stderr *lockedBuffer
	exited chan struct{} // closed when cmd.ProcessState is set
}

// start runs the binary on dir and waits for READY.
func start(t *testing.T, dir string, flags ...string) *server {
	t.Helper()
	began := time.Now()
	s := launch(t, dir, flags...)
	select {
	case line := <-s.stdout:
		s.url = parseReady(t, line, filepath.Join(dir, "kubeconfig"))
	case <-s.exited:
		t.Fatalf("ended before READY: %v\n%s", s.cmd.ProcessState, s.stderr)
	case <-time.After(readyTimeout):
		t.Fatalf("not ready after %v\n%s", readyTimeout, s.stderr)
	}
	t.Logf("ready after %d ms", time.Since(began).Milliseconds())
	return s
}

// launch runs the binary on dir. It is killed when the test ends.
func launch(t *testing.T, dir string, flags ...string) *server {
	t.Helper()
	s := &server{
		dir: dir, tmp: t.TempDir(), stdout: make(chan string, 10), stderr: &lockedBuffer{}, exited: make(chan struct{}),
	}
	s.cmd = exec.Command(binary(t), append([]string{"--dir", dir, "--exit-on-stdin-eof"}, flags...)...)
	s.cmd.Env = append(os.Environ(), "TMPDIR="+s.tmp)
	s.cmd.Stderr = s.stderr
	var err error
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
			s.stdout <- scanner.Text()
		}
		_ = s.cmd.Wait()
		close(s.exited)
	}()
	t.Cleanup(s.kill)
	return s
}

// parseReady takes the URL out of "READY URL KUBECONFIG".
func parseReady(t *testing.T, line, kubeconfig string) string {
	t.Helper()
	url, rest, _ := strings.Cut(strings.TrimPrefix(line, "READY "), " ")
	if !strings.HasPrefix(line, "READY https://127.0.0.1:") || rest != kubeconfig {
		t.Fatalf("first line on stdout: %q", line)
	}
	return url
}

// kill ends the process the hard way, if it still runs.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.exited
}

// wantCleanExit waits for the end, which must come soon and with status 0.
func (s *server) wantCleanExit(t *testing.T) {
	t.Helper()
	began := time.Now()
	select {
	case <-s.exited:
	case <-time.After(stopTimeout):
		t.Fatalf("still running after %v\n%s", stopTimeout, s.stderr)
	}
	t.Logf("stopped after %d ms", time.Since(began).Milliseconds())
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit: %v\n%s", s.cmd.ProcessState, s.stderr)
	}
	if left, _ := os.ReadDir(s.tmp); len(left) > 0 {
		t.Errorf("left behind in the folder for temporary files: %v", left)
	}
}

// terminate asks the process to stop.
func (s *server) terminate(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// runToEnd runs the binary with flags it should refuse, and returns how it ended.
func runToEnd(t *testing.T, flags ...string) (exitCode int, stderr string) {
	t.Helper()
	cmd := exec.Command(binary(t), flags...)
	var out bytes.Buffer
	cmd.Stderr = &out
	stuck := time.AfterFunc(stopTimeout, func() { _ = cmd.Process.Kill() })
	defer stuck.Stop()
	_ = cmd.Run()
	return cmd.ProcessState.ExitCode(), out.String()
}

// freePort is a port that was free a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return fmt.Sprint(ln.Addr().(*net.TCPAddr).Port)
}

// lockedBuffer can be read while a process writes to it.
type lockedBuffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}
