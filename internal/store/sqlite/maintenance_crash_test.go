package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// maintainEnv names the file and the work of a process that is killed or has no room.
const maintainEnv = "OBDCTL_STORE_MAINTAIN"

// TestMaintainer is that process; run with the others it has nothing to do.
func TestMaintainer(t *testing.T) {
	work, path, ok := strings.Cut(os.Getenv(maintainEnv), ":")
	if !ok {
		return
	}
	if err := limitFileSize(); err != nil {
		t.Fatal(err)
	}
	fmt.Println("ready")
	var err error
	switch work {
	case "backup":
		_, err = sqlite.Backup(t.Context(), path, path+".copy", sqlite.BackupOptions{})
	case "encrypt":
		err = sqlite.Recode(t.Context(), path, sqlite.Recoding{From: sqlite.Plain{}, To: secret})
	case "there and back":
		var to sqlite.Engine
		for from := kindOf(path); err == nil; from = to {
			to = sqlite.Plain{}
			if from == to {
				to = secret
			}
			err = sqlite.Recode(t.Context(), path, sqlite.Recoding{
				From: from, To: to,
				Progress: func(int64, int64) { fmt.Println("copy") },
				Ready:    func() error { fmt.Println("swap"); return nil },
			})
			fmt.Println("swapped")
		}
	}
	fmt.Printf("ended %v %q %v\n", errs.KindOf(err), errs.HintOf(err), err)
}

// kindOf is the engine that a file is for.
func kindOf(path string) sqlite.Engine {
	if sqlite.MayBeEncrypted(path) {
		return secret
	}
	return sqlite.Plain{}
}

// maintainer starts the process and returns the lines that it says.
func maintainer(ctx context.Context, t *testing.T, work, path string, env ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	c := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestMaintainer$")
	c.Env = append(os.Environ(), append(env, maintainEnv+"="+work+":"+path)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "ready" {
	}
	return c, lines
}

func TestEncryptingIsKilledAtAnyMoment(t *testing.T) {
	path := furnished(t, nil)
	seen := map[string]int{}
	for blow := range 12 { // after so many steps, and however far the other process comes until it feels it
		c, steps := maintainer(t.Context(), t, "there and back", path)
		for range blow {
			steps.Scan()
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // it was killed
		e := kindOf(path)
		seen[fmt.Sprintf("%T", e)]++
		whole(t, path, e)
	}
	if err := sqlite.Recode(t.Context(), path, sqlite.Recoding{From: kindOf(path), To: secret}); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	t.Log("found after the kills:", seen)
}
