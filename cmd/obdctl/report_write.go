package main

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/internal/report/csv"
	"github.com/fleetms/obdctl/internal/report/document"
)

// reportOut is where a report goes and in which format.
type reportOut struct {
	a      *app
	format report.Format
	render report.Render
	path   string // "" or "-" for standard output
}

// reportWay settles format and place before anything is read.
func (a *app) reportWay(f *reportFlags) (*reportOut, error) {
	name := cmp.Or(f.format, ending(f.out), a.conf.Report.Format, "pdf")
	if a.flags.json {
		name = "json"
	}
	format, err := report.FindFormat(name)
	if err != nil {
		return nil, err
	}
	paper := cmp.Or(strings.ToLower(f.paper), a.conf.Report.Paper, "a4")
	if err := oneOf("paper", paper, "a4", "letter"); err != nil {
		return nil, err
	}
	if f.table != "" && format.Name != "csv" {
		return nil, errs.New(errs.Usage, "--table is for --format csv")
	}
	w := &reportOut{a: a, format: format, render: report.Render{Paper: paper, Table: f.table}, path: f.out}
	if w.toStdout() && format.Binary && isTerminal(a.out) {
		return nil, errs.New(errs.Usage, "%s is not for a terminal", format.Name).WithHint("write it to a file with --out report.%s", format.Name)
	}
	return w, nil
}

// ending is the format that a file's name asks for.
func ending(path string) string {
	end := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	switch end {
	case "htm":
		return "html"
	case "markdown":
		return "md"
	}
	if _, err := report.FindFormat(end); err != nil {
		return ""
	}
	return end
}

func (w *reportOut) toStdout() bool { return w.path == "" || w.path == "-" }

// write writes the document: whole, or not at all.
func (w *reportOut) write(d *document.Document) error {
	err := w.put(d)
	if errors.Is(err, csv.ErrNoTable) {
		var ids []string
		for _, t := range d.Tables() {
			ids = append(ids, t.ID)
		}
		return errs.New(errs.Usage, "--table %s: the report has no such table", w.render.Table).WithHint("one of: %s", strings.Join(ids, ", "))
	}
	return err
}

func (w *reportOut) put(d *document.Document) error {
	if w.toStdout() {
		return w.format.Write(w.a.out, d, w.render)
	}
	if err := replaceFile(w.path, func(out io.Writer) error { return w.format.Write(out, d, w.render) }); err != nil {
		return err
	}
	w.a.notice(true, "wrote "+w.path)
	return nil
}

// replaceFile writes a file beside its place and moves it there when all of it is on the disk, so that nobody ever
// sees half of it.
func replaceFile(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return errs.New(errs.Usage, "write %s: %w", path, errors.Unwrap(err)).WithHint("--out names a file in a folder that can be written")
	}
	b := bufio.NewWriter(f)
	err = write(b)
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return unwritten(path, f.Name(), err)
	}
	return nil
}

// unwritten says what the system has against a file by the name that the person gave, not by the one it had meanwhile.
func unwritten(path, draft string, err error) error {
	var reason error
	if p := (*fs.PathError)(nil); errors.As(err, &p) && p.Path == draft {
		reason = p.Err
	} else if l := (*os.LinkError)(nil); errors.As(err, &l) && l.Old == draft {
		reason = l.Err
	} else {
		return err
	}
	return errs.New(errs.Denied, "write %s: %w", path, reason).WithHint("look at the room on the disk and the permissions; what was there before is untouched")
}
