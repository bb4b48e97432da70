package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/scan"
	"github.com/fleetms/obdctl/internal/store"
)

// saves tells whether scans are kept in this run.
func (a *app) saves() bool { return a.conf.Save && !a.flags.noSave }

// readAndSave makes a scan and keeps it with every byte of its dialogue. A scan that was cut short is kept too:
// what was read is worth as much. vehicle is where it belongs when its VIN does not say so; zero for none.
func (a *app) readAndSave(ctx context.Context, o scan.Options, vehicle uuid.UUID) (*obd.Scan, error) {
	if !a.saves() {
		return a.read(ctx, o)
	}
	given := a.flags.record
	release := func() { a.flags.record = given }
	recording, remove, err := a.keepRecording()
	if err != nil {
		return nil, err
	}
	defer func() { remove() }()
	s, err := a.read(ctx, o)
	if s == nil || len(s.ECUs) == 0 && len(s.Codes) == 0 && len(s.Readings) == 0 {
		return s, err
	}
	info, serr := a.save(ctx, s, vehicle, recording)
	if serr != nil {
		hint := saveHint(serr)
		if recording != "" {
			remove = release // what was read stays in its recording
			hint += "; 'obdctl import " + recording + "' saves this scan later"
		}
		return s, firstError(err, errs.New(errs.KindOf(serr), "the scan was read and could not be saved: %w", serr).WithHint("%s", hint))
	}
	a.notice(a.isWatched(), fmt.Sprintf("saved as scan %s of %s", info.ID.String()[:13], titleOf(info)))
	return s, err
}

func saveHint(err error) string {
	if hint := errs.HintOf(err); hint != "" {
		return hint
	}
	return "--no-save reads without keeping"
}

// isWatched tells that a person sees what is said on standard error.
func (a *app) isWatched() bool { return isTerminal(a.err) }

func titleOf(i fleet.ScanInfo) string {
	if i.VIN != "" {
		return i.VIN
	}
	return "a vehicle without a VIN"
}

// keepRecording has the dialogue of this run written down, unless the person does so or it is one already.
// It returns the file, "" for none, and what removes it in the end.
func (a *app) keepRecording() (string, func(), error) {
	if a.flags.record != "" {
		return a.flags.record, func() {}, nil
	}
	if strings.HasPrefix(a.flags.adapter, "replay:") || usesKernel(a.flags.adapter) {
		return "", func() {}, nil
	}
	sweepRecordings()
	dir, err := os.MkdirTemp("", unfinished)
	if err != nil {
		return "", nil, errs.New(errs.Internal, "make recording: %w", err).WithHint("--no-save reads without keeping")
	}
	a.flags.record = filepath.Join(dir, "scan.obdrec")
	return a.flags.record, func() {
		a.flags.record = ""
		os.RemoveAll(dir)
	}, nil
}

// unfinished names the folder of a recording while its scan runs, and staleAfter how old one is that a killed
// program left.
const (
	unfinished = "obdctl-scan-*"
	staleAfter = 24 * time.Hour
)

// sweepRecordings removes what programs left that were killed in a scan. It is no loss that it cannot remove
// what is another user's.
func sweepRecordings() {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), unfinished))
	if err != nil {
		return
	}
	for _, dir := range left {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() && time.Since(info.ModTime()) > staleAfter {
			os.RemoveAll(dir)
		}
	}
}

// usesKernel tells an address whose dialogue cannot be recorded: the kernel holds it.
func usesKernel(address string) bool {
	at, err := adapters.Parse(address)
	return err == nil && at.Scheme == adapters.CAN && at.Query.Get("isotp") == "kernel"
}

// saveTime bounds a save, also one that goes on after Ctrl-C: what was read is kept. A large import may hold the
// database for most of it; a second Ctrl-C ends at once.
const saveTime = 75 * time.Second

// save keeps a scan and its recording in one transaction.
func (a *app) save(ctx context.Context, s *obd.Scan, vehicle uuid.UUID, recording string) (fleet.ScanInfo, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	var info fleet.ScanInfo
	err := a.update(ctx, func(tx store.Tx) (err error) {
		info, err = putScan(ctx, tx, s, vehicle, recording)
		return err
	})
	return info, err
}

// putScan keeps a scan and, with it, the file of its recording.
func putScan(ctx context.Context, tx store.Tx, s *obd.Scan, vehicle uuid.UUID, recording string) (fleet.ScanInfo, error) {
	if recording == "" {
		return tx.Scans().Put(ctx, s, vehicle, "")
	}
	f, err := os.Open(recording)
	if err != nil {
		return fleet.ScanInfo{}, fmt.Errorf("keep recording: %w", err)
	}
	defer f.Close()
	return putRecorded(ctx, tx, s, vehicle, fleet.File{
		Type: "application/x-obdrec", Name: "scan-" + s.Started.UTC().Format("20060102T150405Z") + ".obdrec",
	}, f)
}

// putRecorded keeps a scan and its recording, of which file has type and name.
func putRecorded(ctx context.Context, tx store.Tx, s *obd.Scan, vehicle uuid.UUID, file fleet.File, recording io.ReadSeeker) (fleet.ScanInfo, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, recording); err != nil {
		return fleet.ScanInfo{}, fmt.Errorf("keep recording: %w", err)
	}
	info, err := tx.Scans().Put(ctx, s, vehicle, hex.EncodeToString(hash.Sum(nil)))
	if err != nil {
		return info, err
	}
	if _, err := recording.Seek(0, io.SeekStart); err != nil {
		return info, fmt.Errorf("keep recording: %w", err)
	}
	file.Subject, file.Kind = fleet.Subject{ScanID: &info.ID}, "recording"
	return info, tx.Files().Put(ctx, &file, recording)
}
