package xlsx

import (
	"archive/zip"
	"cmp"
	"encoding/xml"
	"io"
	"os"
	"slices"
	"time"
)

// contentTypes is the part of the package (ECMA-376, part 2) that names the type of every other part.
const contentTypes = "[Content_Types].xml"

// inOrder writes what make gives once more, with its parts in a fixed order and without times: the same document then gives the
// same bytes. It goes over a file, so that a large book needs little memory.
func inOrder(w io.Writer, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp("", "obdctl-*.xlsx")
	if err != nil {
		return err
	}
	defer func() {
		closing, removing := f.Close(), os.Remove(f.Name())
		err = cmp.Or(err, closing, removing)
	}()
	if err := write(f); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	in, err := zip.NewReader(f, size)
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	// The content types come first, as other programs write them.
	parts := slices.SortedFunc(slices.Values(in.File), func(a, b *zip.File) int {
		return cmp.Or(-cmp.Compare(b2i(a.Name == contentTypes), b2i(b.Name == contentTypes)), cmp.Compare(a.Name, b.Name))
	})
	for _, part := range parts {
		if err := copyPart(out, part); err != nil {
			return err
		}
	}
	return out.Close()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func copyPart(out *zip.Writer, part *zip.File) error {
	if part.Name == contentTypes {
		return copyTypes(out, part)
	}
	header := part.FileHeader
	header.Modified, header.Extra = time.Time{}, nil
	header.ModifiedTime, header.ModifiedDate = 0, 0 //nolint:staticcheck // CreateRaw writes these two as they are
	raw, err := part.OpenRaw()
	if err != nil {
		return err
	}
	w, err := out.CreateRaw(&header)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, raw)
	return err
}

// types is the content types as they are written.
type types struct {
	XMLName   xml.Name   `xml:"http://schemas.openxmlformats.org/package/2006/content-types Types"`
	Defaults  []typeName `xml:"Default"`
	Overrides []typeName `xml:"Override"`
}

type typeName struct {
	Extension   string `xml:"Extension,attr,omitempty"`
	PartName    string `xml:"PartName,attr,omitempty"`
	ContentType string `xml:"ContentType,attr"`
}

func copyTypes(out *zip.Writer, part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	var t types
	if err := xml.NewDecoder(r).Decode(&t); err != nil {
		return err
	}
	order := func(a, b typeName) int {
		return cmp.Or(cmp.Compare(a.Extension, b.Extension), cmp.Compare(a.PartName, b.PartName))
	}
	slices.SortFunc(t.Defaults, order)
	slices.SortFunc(t.Overrides, order)
	data, err := xml.Marshal(t)
	if err != nil {
		return err
	}
	w, err := out.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = w.Write(append([]byte(xml.Header), data...))
	return err
}
