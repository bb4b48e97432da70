package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/config"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// clearing is how codes are erased, wherever a person asks for it: everything is read and is on the disk first, then the
// person agrees, and only for that one request the session may do more than read.
type clearing struct {
	latch   *link.Latch
	options clearOptions
	read    func(context.Context) (*obd.Scan, error)
	agree   func(ctx context.Context, before *obd.Scan, path string) error
}

// over clears by a tester. A result may come with an error: some control units did it and others refused.
func (c clearing) over(ctx context.Context, tester *diag.Tester) (*cleared, error) {
	before, err := c.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("read everything before clearing: %w", err)
	}
	if c.options.previous && before.Dialect != obd.DialectJ1939 {
		return nil, errs.New(errs.Unsupported, "only trucks with SAE J1939 clear previously active codes alone").
			WithHint("nothing was cleared; without --previous all codes are")
	}
	path, err := saveBefore(before)
	if err != nil {
		return nil, err
	}
	if err := c.agree(ctx, before, path); err != nil {
		return nil, err
	}
	c.latch.Open()
	defer c.latch.Shut()
	erase := tester.Clear
	if c.options.previous {
		erase = tester.ClearPrevious
	}
	results, err := erase(ctx, c.options.force)
	if len(results) == 0 && err != nil {
		return nil, err
	}
	for _, r := range results {
		if !r.Done && err == nil {
			err = errs.New(errs.Denied, "control unit %s did not clear: %s", r.ECU, text.Why(r)).
				WithHint("ignition on, engine off, and try again; the scan from before is kept in %s", path)
		}
	}
	return &cleared{Schema: "obdctl.cleared/1", Saved: path, ECUs: results}, err
}

// saveBefore keeps a scan in the state folder; it is on the disk when this returns.
func saveBefore(s *obd.Scan) (string, error) {
	dir := filepath.Join(config.StateDir(), "before-clear")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", errs.New(errs.Internal, "save the scan from before: %w", err).WithHint("nothing was cleared")
	}
	name := s.Started.UTC().Format("20060102T150405Z") + "-" + s.ID.String() + ".json"
	path := filepath.Join(dir, name)
	data, err := json.MarshalIndent(s, "", "  ")
	if err == nil {
		err = writeDurably(path, data)
	}
	if err != nil {
		return "", errs.New(errs.Internal, "save the scan from before: %w", err).WithHint("nothing was cleared; is the disk full?")
	}
	return path, nil
}

func writeDurably(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = firstError(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync() // not every file system can; the file itself was synced
		dir.Close()
	}
	return nil
}
