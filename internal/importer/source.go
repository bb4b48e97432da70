package importer

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// Source is one stream that can be opened, perhaps more than once.
type Source struct {
	Name   string    // as the person gave it; "logs.zip/a.csv" for a member, "-" for standard input
	Group  string    // what the person named: the file itself, or the folder that it was found in
	Packed int64     // bytes that it takes within its archive, 0 for a file of its own
	Size   int64     // bytes as it lies there, -1 when not known
	Dated  time.Time // when the file was last changed, zero when not known
	Once   bool      // can be opened only once, as a pipe
	Opener func() (io.ReadCloser, error)
}

// Stdin is the source of a stream that comes once.
func Stdin(r io.Reader) Source {
	return Source{Name: "-", Group: "-", Size: -1, Once: true, Opener: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}
}

// Files yields the files of paths: folders with all that is below them, in order of name, hidden ones left
// out, and the members of zip archives. What cannot be looked at is yielded with its error.
func Files(paths []string, stdin io.Reader) iter.Seq2[Source, error] {
	return func(yield func(Source, error) bool) {
		for _, path := range paths {
			if path == "-" {
				if !yieldStdin(stdin, yield) {
					return
				}
				continue
			}
			if !walk(path, yield) {
				return
			}
		}
	}
}

func walk(root string, yield func(Source, error) bool) bool {
	goOn := true
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			goOn = yield(Source{Name: path, Group: root}, fileError(path, err))
		case path != root && d.Name()[0] == '.':
			if d.IsDir() {
				return filepath.SkipDir
			}
		case d.IsDir():
		case path != root && !d.Type().IsRegular() && d.Type()&fs.ModeSymlink == 0:
		default:
			goOn = yieldFile(path, root, yield)
		}
		if !goOn {
			return filepath.SkipAll
		}
		return nil
	})
	return goOn && err == nil
}

func fileError(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errs.New(errs.Usage, "import: there is no file %s", path)
	}
	return errs.New(errs.BadInput, "import: %w", err)
}

func yieldFile(path, root string, yield func(Source, error) bool) bool {
	info, err := os.Stat(path)
	if err != nil {
		return yield(Source{Name: path, Group: root}, fileError(path, err))
	}
	if info.IsDir() { // a link to a folder: followed only when it was named
		return path != root || walk(path+string(filepath.Separator), yield)
	}
	if info.Mode().IsRegular() && isZip(path) {
		return yieldZip(archive{path, path, root}, yield)
	}
	s := Source{Name: path, Group: root, Size: info.Size(), Dated: info.ModTime(), Once: !info.Mode().IsRegular()}
	if s.Once {
		s.Size = -1
	}
	s.Opener = func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, fileError(path, err)
		}
		return f, nil
	}
	return yield(s, nil)
}
