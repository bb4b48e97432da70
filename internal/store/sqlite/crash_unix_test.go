//go:build unix

package sqlite_test

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// limitEnv makes a child see a full disk: no file may grow beyond so many bytes.
const limitEnv = "OBDCTL_STORE_LIMIT"

func limitFileSize() error {
	text := os.Getenv(limitEnv)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // the write then fails, as on a full disk
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &l); err != nil {
		return err
	}
	l.Cur = rlimit(n, l.Cur)
	return unix.Setrlimit(unix.RLIMIT_FSIZE, &l)
}

// rlimit has the type of the system's field.
func rlimit[T int64 | uint64](n uint64, _ T) T { return T(n) }

func TestAFullDiskLosesNothing(t *testing.T) {
	for name, e := range engines {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "shop.db")
			saved, last := child(t, path, name, func(int) bool { return false }, fmt.Sprint(limitEnv, "=", 1<<20))
			if len(saved) == 0 || !strings.HasPrefix(last, "failed denied true ") || !strings.Contains(last, "full") {
				t.Errorf("%d saved, then %q: want store.ErrReadOnly and the disk in the hint", len(saved), last)
			}
			intact(t, path, e, saved)
			more, _ := child(t, path, name, func(n int) bool { return n == 3 }) // with room again
			intact(t, path, e, append(saved, more...))
		})
	}
}
