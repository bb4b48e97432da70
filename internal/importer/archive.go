package importer

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
)

// zipMagic is how an archive begins that has a member.
const zipMagic = "PK\x03\x04"

func isZip(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [len(zipMagic)]byte
	_, err = io.ReadFull(f, magic[:])
	return err == nil && string(magic[:]) == zipMagic
}

// maxPiped bounds an archive that comes through a pipe, in bytes: it has to lie on the disk to be read.
const maxPiped = 4 << 30

// yieldStdin yields what comes through a pipe; an archive is put down first, since its list of members stands last.
func yieldStdin(stdin io.Reader, yield func(Source, error) bool) bool {
	b := bufio.NewReader(stdin)
	magic, _ := b.Peek(len(zipMagic)) // an error comes again when it is read
	if !bytes.Equal(magic, []byte(zipMagic)) {
		return yield(Stdin(b), nil)
	}
	path, err := putDown(b)
	if err != nil {
		return yield(Source{Name: "-", Group: "-"}, errs.New(errs.BadInput, "import: keep standard input: %w", err))
	}
	defer os.Remove(path)
	return yieldZip(archive{path, "-", "-"}, yield)
}

func putDown(r io.Reader) (path string, err error) {
	f, err := os.CreateTemp("", "obdctl-import-*.zip")
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, io.LimitReader(r, maxPiped+1))
	if n > maxPiped {
		err = errors.New("an archive in a pipe may have 4 GiB: give it as a file")
	}
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}

// maxMembers bounds the members of one archive.
const maxMembers = 100_000

// archive is a zip file: where it lies, how it is called, and what the person named.
type archive struct{ path, name, root string }

func (a archive) fault(format string, args ...any) (Source, *errs.Error) {
	return Source{Name: a.name, Group: a.root}, errs.New(errs.BadInput, "import: %s"+format, append([]any{a.name}, args...)...)
}

func yieldZip(a archive, yield func(Source, error) bool) bool {
	z, err := zip.OpenReader(a.path)
	if err != nil {
		return yield(a.fault(": %w", err))
	}
	defer z.Close()
	if slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "xl/workbook.xml" }) {
		s, err := a.fault(" is an Excel workbook")
		return yield(s, err.WithHint("save its sheet as CSV"))
	}
	for i, member := range z.File {
		base := filepath.Base(filepath.FromSlash(member.Name))
		switch {
		case i >= maxMembers:
			return yield(a.fault(" has more than %d members", maxMembers))
		case member.FileInfo().IsDir() || base[0] == '.':
			continue
		}
		s := Source{
			Name: a.name + "/" + member.Name, Group: a.root, Packed: max(int64(member.CompressedSize64), 1), Size: int64(member.UncompressedSize64), Dated: member.Modified,
			Opener: func() (io.ReadCloser, error) { return a.open(i) },
		}
		if !yield(s, nil) {
			return false
		}
	}
	return true
}

// member closes its archive too.
type member struct {
	io.ReadCloser
	archive io.Closer
}

func (m member) Close() error { return errors.Join(m.ReadCloser.Close(), m.archive.Close()) }

func (a archive) open(i int) (io.ReadCloser, error) {
	z, err := zip.OpenReader(a.path)
	if err != nil {
		return nil, errs.New(errs.BadInput, "import: %s: %w", a.name, err)
	}
	if i >= len(z.File) {
		return nil, errors.Join(errs.New(errs.BadInput, "import: %s was changed meanwhile", a.name), z.Close())
	}
	r, err := z.File[i].Open()
	if err != nil {
		return nil, errors.Join(errs.New(errs.BadInput, "import: %s: %w", a.name, err), z.Close())
	}
	return member{r, z}, nil
}
