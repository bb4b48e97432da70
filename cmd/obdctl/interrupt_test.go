package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// runWith runs the program in an empty home and returns its exit code with what it wrote.
func runWith(ctx context.Context, t *testing.T, in io.Reader, args ...string) (code int, out, stderr string) {
	t.Helper()
	for _, v := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"} {
		t.Setenv(v, t.TempDir())
	}
	var stdout, words bytes.Buffer
	a := &app{in: in, out: &stdout, err: &words, getenv: func(string) string { return "" }}
	code = a.run(ctx, args)
	return code, stdout.String(), words.String()
}

// TestInterruptedInput must end a wait for standard input, which nobody closes, with what came before.
func TestInterruptedInput(t *testing.T) {
	for _, row := range []struct {
		args []string
		line string
		out  string
		code int
	}{
		{[]string{"decode", "--json"}, "410C1AF8\n", `"RPM"`, 0},
		{[]string{"raw", "--adapter", "sim:?pace=0"}, "ATRV\n", "V", 130},
	} {
		in, feed := io.Pipe()
		ctx, cancel := context.WithCancel(context.Background())
		var cancelled time.Time
		go func() {
			_, _ = io.WriteString(feed, row.line)
			time.Sleep(500 * time.Millisecond)
			cancelled = time.Now()
			cancel()
		}()
		code, out, stderr := runWith(ctx, t, in, row.args...)
		if took := time.Since(cancelled); took > 200*time.Millisecond {
			t.Errorf("%v: ended %s after Ctrl-C", row.args, took)
		}
		if code != row.code || !strings.Contains(out, row.out) {
			t.Errorf("%v: exit code %d, wrote %q and %q", row.args, code, out, stderr)
		}
		_ = feed.Close()
	}
}

// TestRawLosesTheAdapter must not take a connection that ends for the end of the input.
func TestRawLosesTheAdapter(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 64))
			_ = conn.Close()
		}
	}()
	code, _, stderr := runWith(t.Context(), t, strings.NewReader(""), "raw", "--adapter", "tcp://"+l.Addr().String(), "ATI")
	if code != 5 || !strings.Contains(stderr, "error:") {
		t.Errorf("exit code %d, wrote %q", code, stderr)
	}
}
