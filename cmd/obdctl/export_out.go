package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/export"
	"github.com/fleetms/obdctl/internal/store"
)

// runExport settles format and place, and then writes from one consistent state of the store.
func (a *app) runExport(ctx context.Context, f exportFlags) error {
	format := cmp.Or(f.format, tableEnding(f.out))
	if a.flags.json {
		format = "jsonl"
	}
	format = cmp.Or(format, "csv")
	if err := oneOf("format", format, export.Formats()...); err != nil {
		return err
	}
	if err := f.check(format); err != nil {
		return err
	}
	stdout := f.out == "" || f.out == "-"
	if stdout && export.IsBinary(format) && isTerminal(a.out) {
		return errs.New(errs.Usage, "%s is not for a terminal", format).WithHint("write it to a file with --out %s.%s", f.what, format)
	}
	j := &exportJob{app: a, flags: f, format: format, bar: a.newProgress(), began: time.Now()}
	defer j.bar.clear()
	err := a.view(ctx, func(tx store.Tx) error {
		j.ctx, j.tx = ctx, tx
		if err := j.prepare(); err != nil {
			return err
		}
		if stdout {
			return j.write(a.out)
		}
		return toFile(f.out, j.write)
	})
	j.bar.clear()
	if err == nil {
		j.told(stdout)
	}
	return err
}

// told says what was written.
func (j *exportJob) told(stdout bool) {
	switch {
	case j.rows == 0:
		j.app.notice(true, "nothing that is kept matches: the table is empty")
	case !stdout:
		j.app.notice(true, fmt.Sprintf("wrote %s: %s rows", j.flags.out, text.Thousands(j.rows)))
	}
}

// tableEnding is the format that a file's name asks for, "" for none.
func tableEnding(path string) string {
	end := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	switch end {
	case "ndjson", "json":
		return "jsonl"
	case "csv", "jsonl", "xlsx", "parquet":
		return end
	}
	return ""
}

// toFile writes a file whole or not at all. What is no plain file, such as a named pipe, is written as it is.
func toFile(path string, write func(io.Writer) error) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().IsRegular() {
		return replaceFile(path, write)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return errs.New(errs.Usage, "write to %s: %w", path, err)
	}
	b := bufio.NewWriter(f)
	return firstError(write(b), b.Flush(), f.Close())
}
