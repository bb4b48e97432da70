package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// terminal is a real terminal with the real program in it: a tmux server of the test's own.
type terminal struct {
	t      *testing.T
	socket string
	home   string
}

// newTerminal starts the program in a terminal of a size. env holds NAME=VALUE, args are the program's.
func newTerminal(t *testing.T, width, height int, env []string, args ...string) *terminal {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("tmux does not run on Windows")
	}
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Fatal("these tests need tmux: install it")
	}
	program, err := exec.LookPath("obdctl")
	if err != nil {
		t.Fatal(err)
	}
	// The socket's path may not be long, which t.TempDir is.
	dir, err := os.MkdirTemp("", "obdctl-tmux-")
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, socket: filepath.Join(dir, "s"), home: t.TempDir()}
	line := []string{"env", "LANG=C.UTF-8", "TZ=UTC", "NO_COLOR=", "OBDCTL_ADAPTER=", "HOME=" + x.home, "XDG_CONFIG_HOME=" + x.home, "XDG_STATE_HOME=" + x.home, "XDG_DATA_HOME=" + x.home}
	line = append(append(append(line, env...), program), args...)
	for i := range line {
		line[i] = "'" + strings.ReplaceAll(line[i], "'", `'\''`) + "'"
	}
	// The shell stays behind, so that what the program leaves of the terminal can be looked at.
	script := strings.Join(line, " ") + `; echo "left with $?"; exec cat`
	x.tmux("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), script)
	t.Cleanup(func() {
		x.try("kill-server")
		_ = os.RemoveAll(dir)
	})
	return x
}

func (x *terminal) try(args ...string) (string, error) {
	cmd := exec.Command("tmux", append([]string{"-S", x.socket}, args...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

func (x *terminal) tmux(args ...string) string {
	x.t.Helper()
	out, err := x.try(args...)
	if err != nil {
		x.t.Fatalf("tmux %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return out
}

// keys presses keys as tmux calls them: "Enter", "C-c", "d".
func (x *terminal) keys(keys ...string) {
	x.t.Helper()
	x.tmux(append([]string{"send-keys"}, keys...)...)
}

// text types letters.
func (x *terminal) text(s string) {
	x.t.Helper()
	x.tmux("send-keys", "-l", s)
}

func (x *terminal) resize(width, height int) {
	x.t.Helper()
	x.tmux("resize-window", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height))
}

func (x *terminal) screen() string {
	x.t.Helper()
	return x.tmux("capture-pane", "-p")
}

// patience is how long something may take to appear; a busy machine is slow.
const patience = 30 * time.Second

// shows waits until all texts are on the screen.
func (x *terminal) shows(texts ...string) {
	x.t.Helper()
	x.until("shows "+strings.Join(texts, ", "), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

// gone waits until a text is not on the screen any more.
func (x *terminal) gone(text string) {
	x.t.Helper()
	x.until("loses "+text, func(screen string) bool { return !strings.Contains(screen, text) })
}

func (x *terminal) until(what string, holds func(string) bool) {
	x.t.Helper()
	end := time.Now().Add(patience)
	for {
		screen := x.screen()
		if holds(screen) {
			return
		}
		if time.Now().After(end) {
			x.t.Fatalf("the terminal never %s; it shows:\n%s", what, screen)
		}
		<-time.After(30 * time.Millisecond)
	}
}
