package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// Recoding is how the file of a database is turned into another kind of file.
type Recoding struct {
	From, To Engine
	Busy     time.Duration // how long others may take to let go of it; 10 seconds when zero
	Progress Progress
	// Ready is called when the new file is whole and proven, before it takes the place of the old one. Where it
	// returns an error, the old one stays.
	Ready func() error
}

// recodingSuffix is behind the name of the new file until it takes its place.
const recodingSuffix = ".recoding"

// Recode encrypts a file, decrypts it, or gives it another key. Nobody else may have it open. It is copied, the
// copy is compared page by page and checked by the other driver, and then takes its place at once: a crash at
// any moment leaves the old or the new file, whole. What was replaced is overwritten. A copy that a crash left
// is overwritten by the next run.
func Recode(ctx context.Context, path string, r Recoding) (err error) {
	if err := r.From.Check(path); err != nil {
		return err
	}
	if r.Busy <= 0 {
		r.Busy = 10 * time.Second
	}
	h, err := alone(ctx, path, r.From, r.Busy)
	if err != nil {
		return err
	}
	fresh := path + recodingSuffix
	if err := r.copy(ctx, h, fresh); err != nil {
		discard(fresh)
		return errors.Join(explain(path, r.From, err), h.release())
	}
	if r.Ready != nil {
		if err := r.Ready(); err != nil {
			discard(fresh)
			return errors.Join(err, h.release())
		}
	}
	if err := h.replace(fresh); err != nil {
		discard(fresh)
		return errs.New(errs.Denied, "replace database: %w", err).WithHint("check the permissions of the folder; the database is as it was")
	}
	return nil
}

// copy writes the new file and proves it: page by page, and by the driver that will read it.
func (r Recoding) copy(ctx context.Context, h *held, fresh string) error {
	open, err := reading(r.From)
	if err != nil {
		return err
	}
	lock, err := writing(r.To)
	if err != nil {
		return err
	}
	unlock, err := reading(r.To)
	if err != nil {
		return err
	}
	content, size, err := h.content()
	if err != nil {
		return err
	}
	hash := sha256.New()
	tap := func(p []byte, _ uint64) { hash.Write(p) } // between the turns the pages are plain
	total := 2 * size
	first := func(done, _ int64) { r.Progress.say(done, total) }
	second := func(done, _ int64) { r.Progress.say(size+done, total) }
	if err := writeFile(ctx, fresh, content, size, first, open, tap, lock); err != nil {
		return err
	}
	back, err := sumFile(ctx, fresh, second, unlock)
	if err != nil {
		return err
	}
	if [sha256.Size]byte(hash.Sum(nil)) != back {
		return errs.New(errs.Internal, "copy database: the copy differs from the original: %w", io.ErrUnexpectedEOF).WithHint("the disk may be failing; the database is as it was")
	}
	return proven(ctx, fresh, r.To)
}
