package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store"
)

func asError[E error](err error) (E, bool) { return errors.AsType[E](err) }

// explain gives SQLite's own errors a kind and a next step; others pass through.
func explain(path string, engine Engine, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	switch engine.Code(err) {
	case codeBusy, codeLocked:
		return errs.New(errs.Denied, "database %s is in use: %w", path, err).WithHint("another obdctl is writing for long; wait for it to end and try again")
	case codeReadOnly, codePerm:
		return errs.New(errs.Denied, "write database %s: %w", path, join(store.ErrReadOnly, err)).WithHint("check the permissions of the file and its folder, or choose another place by --db")
	case codeCantOpen:
		return errs.New(errs.Denied, "open database %s: %w", path, join(store.ErrReadOnly, err)).WithHint("check the permissions of the file and its folder, or choose another place by --db")
	case codeFull:
		return errs.New(errs.Denied, "write database %s: %w", path, join(store.ErrReadOnly, err)).WithHint("the disk is full; nothing that was saved before is lost. Make room and try again")
	case codeIO:
		return errs.New(errs.Denied, "database %s: %w", path, join(store.ErrReadOnly, err)).WithHint("the disk does not read or write, or is full; nothing that was saved before is lost")
	case codeCorrupt, codeNotADB:
		return errs.New(errs.BadInput, "database %s is damaged: %w", path, err).WithHint("'obdctl db check' says more; 'obdctl db restore' brings back a backup")
	}
	return err
}

func join(kind, err error) error { return fmt.Errorf("%w: %w", kind, err) }
