package main

import (
	"bytes"
	"io"
	"os/exec"
	"testing"

	"github.com/creack/pty"
)

// BenchmarkFirstFrame is the time from the start of the program to the first whole frame on a terminal: the foot,
// which is drawn last, has arrived.
func BenchmarkFirstFrame(b *testing.B) {
	program, err := exec.LookPath("obdctl")
	if err != nil {
		b.Fatal(err)
	}
	home := b.TempDir()
	for b.Loop() {
		cmd := exec.Command(program)
		cmd.Env = append(cmd.Environ(), "TERM=xterm-256color", "LANG=C.UTF-8", "OBDCTL_ADAPTER=", "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_STATE_HOME="+home, "XDG_DATA_HOME="+home)
		terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
		if err != nil {
			b.Fatal(err)
		}
		readUntil(b, terminal, []byte("help"))
		b.StopTimer()
		_ = cmd.Process.Kill()
		_, _ = io.Copy(io.Discard, terminal) // until the terminal is closed at the other end
		_ = cmd.Wait()                       // killed
		_ = terminal.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/frame")
}

func readUntil(b *testing.B, r io.Reader, want []byte) {
	b.Helper()
	var got []byte
	buffer := make([]byte, 64<<10)
	for !bytes.Contains(got, want) {
		n, err := r.Read(buffer)
		if err != nil {
			b.Fatalf("%v after %q", err, got)
		}
		got = append(got, buffer[:n]...)
	}
}
