// Package pdf writes a document as PDF: embedded fonts, charts and barcodes as vectors, bookmarks, and tags that tell a
// screen reader what is a heading, a table or a picture (ISO 32000-1, 14.8).
//
// The same document gives the same bytes. Letters come from typeface; what it does not have is shown as U+FFFD.
package pdf

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/fleetms/obdctl/internal/chart/typeface"
	"github.com/fleetms/obdctl/internal/chart/typeface/measure"
	"github.com/fleetms/obdctl/internal/report/document"
)

// Options say on what is printed.
type Options struct {
	Paper string // "a4" (the default) or "letter"
}

// Write writes the document.
func Write(w io.Writer, d *document.Document, o Options) error {
	// The number of pages stands on every page: it is known after the first time.
	counted, err := layOut(d, o, 0)
	if err != nil {
		return err
	}
	s, err := layOut(d, o, counted.f.PageCount())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := s.f.Output(&b); err != nil {
		return fmt.Errorf("make PDF: %w", err)
	}
	tagged, err := s.tags.apply(b.Bytes())
	if err != nil {
		return fmt.Errorf("tag PDF: %w", err)
	}
	_, err = w.Write(tagged)
	return err
}

// sheet is the document being set: where the next thing goes, in points from the upper left corner.
type sheet struct {
	f      *fpdf.Fpdf
	d      *document.Document
	rule   *measure.Rule
	tags   *tags
	accent rgb
	total  int // pages, 0 while they are counted

	width, height            float64
	left, right, top, bottom float64 // the page's frame
	y                        float64
	pictures                 int
	err                      error
}

const (
	marginSide = 46
	marginTop  = 62
	marginFoot = 58
)

func layOut(d *document.Document, o Options, total int) (*sheet, error) {
	size := fpdf.SizeType{Wd: 595.28, Ht: 841.89}
	if o.Paper == "letter" {
		size = fpdf.SizeType{Wd: 612, Ht: 792}
	}
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: size})
	s := &sheet{
		f: f, d: d, rule: measure.New(), tags: &tags{}, total: total, accent: accentOf(d),
		width: size.Wd, height: size.Ht,
		left: marginSide, right: size.Wd - marginSide, top: marginTop, bottom: size.Ht - marginFoot,
	}
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.SetCellMargin(0)
	f.AddUTF8FontFromBytes(typeface.Name, "", bytes.Clone(typeface.Regular()))
	f.AddUTF8FontFromBytes(typeface.Name, "B", bytes.Clone(typeface.Medium()))
	s.describe()
	s.firstPage()
	for i := range d.Sections {
		if !d.Sections[i].Detail {
			s.section(&d.Sections[i])
		}
	}
	s.foot()
	if s.err == nil {
		s.err = f.Error()
	}
	return s, s.err
}

// describe fills what a reader shows as the document's properties.
func (s *sheet) describe() {
	f, d := s.f, s.d
	f.SetTitle(clean(s.fullTitle(), nil), true)
	f.SetSubject(clean(d.Subtitle, nil), true)
	if d.Shop != nil {
		f.SetAuthor(clean(d.Shop.Name, nil), true)
	}
	f.SetCreator(clean(d.Tool, nil), true)
	f.SetProducer("obdctl", true)
	f.SetLang(d.Language)
	created := d.Created
	if created.IsZero() {
		created = time.Unix(0, 0).UTC() // no time at all would become the computer's
	}
	f.SetCreationDate(created)
	f.SetModificationDate(created)
	f.SetCatalogSort(true)
}

func (s *sheet) fullTitle() string {
	if v := s.d.Vehicle; v != nil {
		return s.d.Title + " – " + v.Title
	}
	return s.d.Title
}

// room makes sure that h points fit on the page, else it turns to the next one.
func (s *sheet) room(h float64) {
	if s.y+h > s.bottom && s.y > s.top {
		s.turn()
	}
}

// turn begins a page with its running head and foot.
func (s *sheet) turn() {
	s.f.AddPage()
	s.tags.page(s.f.PageNo())
	s.y = s.top
	if s.f.PageNo() > 1 {
		s.runningHead()
	}
	s.runningFoot()
}

// fit is how much of the page is left.
func (s *sheet) fit() float64 { return math.Max(s.bottom-s.y, 0) }
