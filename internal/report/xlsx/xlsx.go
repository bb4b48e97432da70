// Package xlsx writes a document as a spreadsheet: one sheet to read, one for each table with real numbers, dates and
// units, frozen heads and filters, and native charts.
//
// Rows go straight to the disk (excelize's stream), so that a million of them need little memory.
package xlsx

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/fleetms/obdctl/internal/report/document"
)

// mostRows is how many rows a sheet holds (ECMA-376: 1,048,576 with the head); a longer table goes on on the next one.
const mostRows = 1_048_575

// mostText is how many characters a cell holds.
const mostText = 32_767

// Write writes the document.
func Write(w io.Writer, d *document.Document) error {
	f := excelize.NewFile()
	b := &book{f: f, d: d, styles: map[look]int{}, names: map[string]bool{}}
	err := b.fill()
	if err == nil {
		err = inOrder(w, func(w io.Writer) error { return f.Write(w) })
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("make spreadsheet: %w", err)
	}
	return nil
}

// book is a spreadsheet in the making.
type book struct {
	f      *excelize.File
	d      *document.Document
	styles map[look]int
	names  map[string]bool // sheets, in lower case as Excel compares them
	tables int
	plots  []plot
}

func (b *book) fill() error {
	if err := b.describe(); err != nil {
		return err
	}
	first := b.name(b.d.Words.T("page.report"))
	if err := b.f.SetSheetName("Sheet1", first); err != nil {
		return err
	}
	if err := b.onPaper(first); err != nil {
		return err
	}
	if err := b.cover(first); err != nil {
		return err
	}
	for s, t := range b.d.Tables() {
		if err := b.table(s, t); err != nil {
			return fmt.Errorf("table %s: %w", t.ID, err)
		}
	}
	if err := b.charts(); err != nil {
		return err
	}
	b.f.SetActiveSheet(0)
	return nil
}

// sheet adds a sheet.
func (b *book) sheet(name string) error {
	if _, err := b.f.NewSheet(name); err != nil {
		return err
	}
	return b.onPaper(name)
}

// onPaper makes a sheet print across, as wide as the paper.
func (b *book) onPaper(name string) error {
	fit, across, wide, high := true, "landscape", 1, 0
	if err := b.f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.f.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &across, FitToWidth: &wide, FitToHeight: &high})
}

func (b *book) describe() error {
	created := b.d.Created.UTC().Format(time.RFC3339)
	props := &excelize.DocProperties{
		Title: clean(b.d.Title), Subject: clean(b.d.Subtitle), Creator: clean(b.d.Tool), LastModifiedBy: clean(b.d.Tool),
		Language: b.d.Language, Created: created, Modified: created,
	}
	return b.f.SetDocProps(props)
}

// name makes a sheet's name of a title: 31 characters, none of \ / ? * [ ] :, not used yet.
func (b *book) name(title string) string {
	title = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`\/?*[]:'`, r) || r < 0x20 {
			return ' '
		}
		return r
	}, clean(title))
	title = strings.TrimSpace(title)
	if title == "" {
		title = "Sheet"
	}
	for n := 1; ; n++ {
		end := ""
		if n > 1 {
			end = fmt.Sprintf(" (%d)", n)
		}
		name := cut(title, 31-len(end)) + end
		if key := strings.ToLower(name); !b.names[key] {
			b.names[key] = true
			return name
		}
	}
}

// cut keeps so many characters (UTF-16 units count twice beyond the basic plane, as Excel counts).
func cut(s string, n int) string {
	used := 0
	for i, r := range s {
		if r > 0xFFFF {
			used++
		}
		if used++; used > n {
			return s[:i]
		}
	}
	return s
}

// clean keeps what XML can hold.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF || r == 0x7F {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if utf8.RuneCountInString(s) > mostText/2 {
		s = cut(s, mostText)
	}
	return s
}

// wall is a time as the reader's clock showed it; a spreadsheet knows no zones.
func (b *book) wall(t time.Time) time.Time {
	t = t.In(b.d.Zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
